"""The door and one's own profile."""

from http import HTTPStatus

from flask import Blueprint, Response, flash
from flask_babel import gettext as _

from app.accounts import operations, queries
from app.accounts.models import User
from app.accounts.schemas import NewPassword, ProfileChange, SignIn
from app.web.guards import caller, me, public
from app.web.limits import SIGN_IN, limiter
from app.web.pages import done, render
from app.web.schemas import Form
from app.web.sessions import let_in, let_out, wanted_path

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@public
def sign_in() -> Response:
    """Ask who is there."""
    return done(wanted_path()) if caller() else _show_door()


@blueprint.post("/sign-in")
@public
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def enter() -> Response:
    """Let somebody in; only what failed is counted against the limit."""
    form = Form(SignIn)
    user = form.submit(lambda sent: operations.sign_in(sent.email, sent.password))
    if user is None:
        return _show_door(form, status=422)
    let_in(user)
    return done(wanted_path())


def _show_door(form: Form[SignIn] | None = None, *, status: int = 200) -> Response:
    is_new = not queries.has_admin()
    return render("accounts/sign_in.html", form=form, next=wanted_path(""), is_new=is_new, status=status)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """Let somebody out, also one whose session has ended already."""
    found = caller()
    let_out()
    if found is not None:
        operations.sign_out(found.user)
    return done(wanted_path("/sign-in"))


@blueprint.get("/profile")
def show_profile() -> Response:
    """Show somebody what Greenroom knows of them."""
    return _show_profile()


@blueprint.post("/profile")
def change_profile() -> Response:
    """Change one's name and theme."""
    form = Form(ProfileChange)
    form.submit(lambda sent: operations.change_profile(me(), name=sent.name, theme=sent.theme))
    if form.errors:
        return _show_profile(form=form, status=422)
    flash(_("Your profile is saved."), "success")
    return done("/profile")


@blueprint.post("/profile/password")
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def change_password() -> Response:
    """Change one's password; the other browsers are signed out."""
    form = Form(NewPassword)
    form.submit(lambda sent: operations.change_password(me(), current=sent.current, new=sent.new))
    if form.errors:
        return _show_profile(password_form=form, status=422)
    let_in(me())
    flash(_("Your password is changed. Other browsers are signed out."), "success")
    return done("/profile")


def _show_profile(
    *,
    form: Form[ProfileChange] | None = None,
    password_form: Form[NewPassword] | None = None,
    status: int = 200,
) -> Response:
    user: User = me()
    return render(
        "accounts/profile.html",
        user=user,
        form=form,
        password_form=password_form,
        shortest_password=operations.SHORTEST_PASSWORD,
        status=status,
    )
