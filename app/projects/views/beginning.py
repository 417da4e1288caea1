"""The first choice in an organization: look around, begin with a starter, or bring a repository."""

from flask import Response

from app.core.errors import NotAllowed
from app.organizations.models import Organization
from app.organizations.permissions import can_create_projects
from app.organizations.queries import organization_of
from app.projects import operations
from app.projects.models import Project
from app.projects.schemas import BroughtRepository
from app.projects.views.base import blueprint
from app.web.guards import ALL_SCOPES, me
from app.web.pages import load_or_404, render
from app.web.schemas import Form


@blueprint.get("/<organization>/begin")
def choose_beginning(organization: str) -> Response:
    """Show the three ways to begin."""
    return _show(_organization(organization))


@blueprint.post("/<organization>/begin")
def bring_repository(organization: str) -> Response:
    """Make an empty project for a repository, and show once how it is pushed there."""
    here = _organization(organization)
    form = Form(BroughtRepository)
    made = form.submit(lambda sent: operations.await_push(here, by=me(), name=sent.name, at_most=ALL_SCOPES))
    return _show(here, form, status=422) if made is None else _show(here, made=made, status=201)


def _organization(slug: str) -> Organization:
    here: Organization = load_or_404(organization_of(me(), slug=slug))
    if not can_create_projects(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} can make projects.")
    return here


def _show(
    here: Organization,
    form: Form[BroughtRepository] | None = None,
    *,
    made: tuple[Project, str] | None = None,
    status: int = 200,
) -> Response:
    return render("projects/begin.html", organization=here, form=form, made=made, status=status)
