"""An organization's projects, and a new one."""

from flask import Response, request

from app.core.errors import NotAllowed
from app.organizations.models import Organization
from app.organizations.permissions import can_create_projects
from app.organizations.queries import organization_of
from app.projects import operations, queries
from app.projects.models import Starter
from app.projects.schemas import NewProject
from app.projects.views.base import blueprint
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form


@blueprint.get("/<organization>")
def show_projects(organization: str) -> Response:
    """Show an organization's projects."""
    here = load_or_404(organization_of(me(), slug=organization))
    seen = queries.projects_in(me(), here)
    at_rest = [project for project in seen if project.is_archived]
    shows_rest = request.args.get("show") == "at-rest"
    return render(
        "projects/list.html",
        organization=here,
        projects=at_rest if shows_rest else [project for project in seen if not project.is_archived],
        shows_rest=shows_rest,
        at_rest=len(at_rest),
        may_create=can_create_projects(me(), here.id),
    )


@blueprint.get("/<organization>/projects/new")
def new_project(organization: str) -> Response:
    """Ask what the new project is called and begins with."""
    here = load_or_404(organization_of(me(), slug=organization))
    if not can_create_projects(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} can make projects.")
    return _show_new(here)


@blueprint.post("/<organization>/projects/new")
def create_project(organization: str) -> Response:
    """Make a project and go to its board."""
    here = load_or_404(organization_of(me(), slug=organization))
    form = Form(NewProject)
    project = form.submit(lambda sent: operations.create_project(here, by=me(), **sent.what()))
    return _show_new(here, form, status=422) if project is None else done(project.path)


def _show_new(here: Organization, form: Form[NewProject] | None = None, *, status: int = 200) -> Response:
    is_first = not queries.projects_in(me(), here)
    return render(
        "projects/new.html",
        organization=here,
        form=form,
        starters=list(Starter),
        is_first=is_first,
        status=status,
    )
