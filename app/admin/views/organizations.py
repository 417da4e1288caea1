"""Every organization of the installation."""

from typing import Any
from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.admin import operations
from app.admin.queries import organizations as queries
from app.admin.schemas.organizations import Deletion, NewOrganization, OrganizationsQuery
from app.admin.views.base import blueprint, must_administer
from app.core.paging import paginate
from app.organizations.models import Organization
from app.organizations.queries import every_organization
from app.organizations.schemas import LimitsChange, NameAndAddress
from app.web.guards import me
from app.web.pages import asked, done, load_or_404, render, turning
from app.web.schemas import Form, read

_LIST = "/admin/organizations"
_ONE = f"{_LIST}/<uuid:organization_id>"


@blueprint.get(_LIST)
def show_organizations() -> Response:
    """Show every organization of the installation."""
    must_administer()
    return _show_all()


@blueprint.post(_LIST)
def create_organization() -> Response:
    """Make an organization."""
    must_administer()
    form = Form(NewOrganization)
    made = form.submit(lambda sent: operations.create_organization(by=me(), **sent.what()))
    if made is None:
        return _show_all(form=form, status=422)
    flash(_("%(name)s is there, and you are its first admin. Invite others next.", name=made.name), "success")
    return done(f"{_LIST}/{made.id}")


@blueprint.get(_ONE)
def show_organization(organization_id: UUID) -> Response:
    """Show one organization, to change it or take it away."""
    return _show(_organization(organization_id))


@blueprint.post(_ONE)
def edit_organization(organization_id: UUID) -> Response:
    """Change what an organization is called and where it is found."""
    here, form = _organization(organization_id), Form(NameAndAddress)
    form.submit(lambda sent: operations.edit_organization(here, by=me(), name=sent.name, slug=sent.slug))
    return _answer(here, form=form)


@blueprint.post(f"{_ONE}/limits")
def bound_organization(organization_id: UUID) -> Response:
    """Change what an organization may use in a month."""
    here, form = _organization(organization_id), Form(LimitsChange)
    form.submit(lambda sent: operations.edit_organization(here, by=me(), limits=sent.all()))
    return _answer(here, limits_form=form)


@blueprint.post(f"{_ONE}/deletion")
def delete_organization(organization_id: UUID) -> Response:
    """Take an organization away, once its name was written."""
    here, form = _organization(organization_id), Form(Deletion)
    form.submit(lambda sent: operations.delete_organization(here, by=me(), name=sent.name))
    if form.errors:
        return _show(here, deletion_form=form, status=422)
    flash(_("%(name)s is being deleted. What runs of it ends first.", name=here.name), "success")
    return done(f"{_LIST}#organizations")


def _organization(organization_id: UUID) -> Organization:
    found = load_or_404(queries.organization_seen_by(me(), organization_id, leaving=True))
    must_administer()
    return found


def _answer(here: Organization, **form: Form[Any]) -> Response:
    if any(each.errors for each in form.values()):
        return _show(here, status=422, **form)
    flash(_("%(name)s is saved.", name=here.name), "success")
    return done(f"{_LIST}/{here.id}")


def _show(here: Organization, *, status: int = 200, **forms: Any) -> Response:
    return render(
        "admin/organization.html",
        organization=here,
        counts=queries.counts_of([here.id])[here.id],
        status=status,
        **forms,
    )


def _show_all(*, form: Form[NewOrganization] | None = None, status: int = 200) -> Response:
    wanted = read(OrganizationsQuery, asked(), place="query")
    found = paginate(every_organization(wanted.q, leaving=True), page=wanted.page, limit=50)
    return render(
        "admin/organizations.html",
        wanted=wanted,
        found=found,
        found_page=turning(_LIST),
        counts=queries.counts_of([each.id for each in found.items]),
        form=form,
        status=status,
    )
