"""What an organization is called."""

from flask import Response, flash
from flask_babel import gettext as _

from app.core.errors import NotAllowed
from app.organizations import operations, permissions
from app.organizations.models import Organization
from app.organizations.schemas import OrganizationChange
from app.organizations.views.base import blueprint, organization_at
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import Form


@blueprint.get("/<organization>/settings")
def show_settings(organization: str) -> Response:
    """Show an organization's settings to its admins."""
    here = organization_at(organization)
    if not permissions.can_administer(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} sees its settings.")
    return _show(here)


@blueprint.post("/<organization>/settings")
def change_settings(organization: str) -> Response:
    """Change what an organization is called."""
    here = organization_at(organization)
    form = Form(OrganizationChange)
    form.submit(lambda sent: operations.rename(here, by=me(), name=sent.name))
    if form.errors:
        return _show(here, form, status=422)
    flash(_("The name is saved."), "success")
    return done(f"/{here.slug}/settings")


def _show(here: Organization, form: Form[OrganizationChange] | None = None, *, status: int = 200) -> Response:
    return render("organizations/settings.html", organization=here, form=form, status=status)
