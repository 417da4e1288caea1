"""What somebody says of themselves, and how they see the pages."""

from functools import cache
from http import HTTPStatus
from zoneinfo import available_timezones

from flask import Response, flash
from flask_babel import gettext as _

from app.accounts import operations
from app.accounts.models import User
from app.accounts.schemas import EmailChange, NewPassword, ProfileChange
from app.accounts.views.base import blueprint
from app.web.guards import here, me
from app.web.limits import SIGN_IN, limiter
from app.web.pages import done, render
from app.web.schemas import Form


@blueprint.get("/profile")
def show_profile() -> Response:
    """Show somebody what Greenroom knows of them."""
    return _show_profile()


@blueprint.post("/profile")
def change_profile() -> Response:
    """Change one's name, and how one sees the pages."""
    form = Form(ProfileChange)
    form.submit(
        lambda sent: operations.change_profile(
            me(), name=sent.name, theme=sent.theme, time_zone=sent.time_zone or ""
        )
    )
    if form.errors:
        return _show_profile(form=form, status=422)
    flash(_("Your profile is saved."), "success")
    return done("/profile")


@blueprint.post("/profile/email")
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def change_email() -> Response:
    """Change the e-mail that one signs in with."""
    form = Form(EmailChange)
    form.submit(lambda sent: operations.change_profile(me(), **sent.model_dump()))
    if form.errors:
        return _show_profile(email_form=form, status=422)
    flash(_("From now on you sign in with %(email)s.", email=me().email), "success")
    return done("/profile")


@blueprint.post("/profile/password")
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def change_password() -> Response:
    """Change one's password; the other browsers are signed out."""
    form = Form(NewPassword)
    form.submit(
        lambda sent: operations.change_password(me(), current=sent.current, new=sent.new, here=here())
    )
    if form.errors:
        return _show_profile(password_form=form, status=422)
    flash(_("Your password is changed. Other browsers are signed out."), "success")
    return done("/profile")


def _show_profile(
    *,
    form: Form[ProfileChange] | None = None,
    email_form: Form[EmailChange] | None = None,
    password_form: Form[NewPassword] | None = None,
    status: int = 200,
) -> Response:
    user: User = me()
    return render(
        "accounts/profile.html",
        user=user,
        form=form,
        email_form=email_form,
        password_form=password_form,
        zones=_places(),
        shortest_password=operations.SHORTEST_PASSWORD,
        status=status,
    )


@cache
def _places() -> tuple[str, ...]:
    """Return the zones to choose from; asked of the machine once, since it reads a folder for them."""
    return tuple(sorted(zone for zone in available_timezones() if _is_a_place(zone)))


def _is_a_place(zone: str) -> bool:
    """Tell whether a zone is named after where people are, not after an offset or an old machine."""
    return zone == "UTC" or ("/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")))
