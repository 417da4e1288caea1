"""What an organization is called, where it is found, how it looks, what it may use and what it used."""

from typing import Any

from flask import Response, flash, send_file
from flask_babel import gettext as _

from app.core.errors import Gone, NotAllowed, NotFound
from app.core.files import path_of
from app.organizations import operations, permissions
from app.organizations.logos import CONTENT_TYPE
from app.organizations.models import Organization
from app.organizations.schemas import LimitsChange, NameAndAddress
from app.organizations.views.base import blueprint, organization_at
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import Form, Schema
from app.web.uploads import uploads


@blueprint.get("/<organization>/settings")
def show_settings(organization: str) -> Response:
    """Show an organization's settings to its admins."""
    here = organization_at(organization)
    if not permissions.can_administer(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} sees its settings.")
    return _show(here)


@blueprint.post("/<organization>/settings")
def change_settings(organization: str) -> Response:
    """Change what an organization is called and where it is found."""
    here, form = organization_at(organization), Form(NameAndAddress)
    form.submit(lambda sent: operations.edit_organization(here, by=me(), name=sent.name, slug=sent.slug))
    if form.errors:
        return _show(here, form=form, status=422)
    flash(_("Name and address are saved."), "success")
    return done(f"{here.path}/settings")


@blueprint.post("/<organization>/settings/limits")
def change_limits(organization: str) -> Response:
    """Change what an organization may use in a month."""
    here, form = organization_at(organization), Form(LimitsChange)
    form.submit(lambda sent: operations.edit_organization(here, by=me(), limits=sent.all()))
    if form.errors:
        return _show(here, limits_form=form, status=422)
    flash(_("The limits are saved."), "success")
    return done(f"{here.path}/settings")


@blueprint.post("/<organization>/settings/logo")
def set_logo(organization: str) -> Response:
    """Show a picture as the organization's logo."""
    here, form = organization_at(organization), Form(Schema)
    form.submit(lambda _sent: operations.set_logo(here, next(iter(uploads("logo")), None), by=me()))
    if form.errors:
        return _show(here, logo_form=form, status=422)
    flash(_("The logo is saved."), "success")
    return done(f"{here.path}/settings")


@blueprint.post("/<organization>/settings/logo/removal")
def remove_logo(organization: str) -> Response:
    """Show the organization's initials instead of a logo."""
    here = organization_at(organization)
    operations.remove_logo(here, by=me())
    flash(_("The logo is gone; the initials stand in its place."), "success")
    return done(f"{here.path}/settings")


@blueprint.get("/<organization>/logo")
def give_logo(organization: str) -> Response:
    """Give the logo's bytes to a member; another logo has another address, so this one is kept for good."""
    here = organization_at(organization)
    if here.logo_digest is None:
        raise NotFound("This organization has no logo.")
    if not path_of(here.logo_digest).is_file():
        raise Gone("The logo is no longer kept here. Send it anew in the organization's settings.")
    answer = send_file(path_of(here.logo_digest), mimetype=CONTENT_TYPE, etag=here.logo_digest)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@blueprint.get("/<organization>/usage")
def show_usage(organization: str) -> Response:
    """Show what an organization used in this month, beside what it may use."""
    here = organization_at(organization)
    return render(
        "organizations/usage.html",
        organization=here,
        used=operations.count_usage(here),
        may_administer=permissions.can_administer(me(), here.id),
    )


def _show(here: Organization, *, status: int = 200, **forms: Any) -> Response:
    return render("organizations/settings.html", organization=here, status=status, **forms)
