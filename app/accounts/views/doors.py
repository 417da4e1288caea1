"""The door: in, out, and the way back for who forgot the password."""

from http import HTTPStatus

from flask import Response, flash
from flask_babel import gettext as _

from app.accounts import operations, queries
from app.accounts.models import LinkPurpose
from app.accounts.schemas import Credentials, ForgottenPassword, PasswordReset
from app.accounts.views.base import blueprint
from app.core.errors import NotFound
from app.integrations import mail
from app.web.guards import caller, public
from app.web.limits import SIGN_IN, limiter
from app.web.pages import done, render
from app.web.schemas import Form
from app.web.sessions import let_in, let_out, wanted_path


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
    form = Form(Credentials)
    user = form.submit(lambda sent: operations.sign_in(sent.email, sent.password))
    if user is None:
        return _show_door(form, status=422)
    let_in(user)
    return done(wanted_path())


def _show_door(form: Form[Credentials] | None = None, *, status: int = 200) -> Response:
    is_new = not queries.has_admin()
    return render(
        "accounts/sign_in.html",
        form=form,
        next=wanted_path(""),
        is_new=is_new,
        sends_mail=mail.is_set_up(),
        status=status,
    )


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """Let somebody out, also one whose session has ended already."""
    found = caller()
    let_out()
    if found is not None:
        operations.sign_out(found.user)
    return done(wanted_path("/sign-in"))


@blueprint.get("/forgotten-password")
@public
def show_forgotten() -> Response:
    """Ask whose password was forgotten, where a link can be sent to them."""
    if not mail.is_set_up():
        raise NotFound(
            "This Greenroom sends no mail. Ask an admin of your team for a link to a new password."
        )
    return render("accounts/forgotten_password.html", form=None)


@blueprint.post("/forgotten-password")
@public
@limiter.limit(SIGN_IN)
def forget_password() -> Response:
    """Send a link to a new password; the answer is the same whether anybody has this e-mail."""
    form = Form(ForgottenPassword)
    form.submit(lambda sent: operations.mail_reset_link(sent.email))
    if form.errors:
        return render("accounts/forgotten_password.html", form=form, status=422)
    flash(_("If there is an account with this e-mail, a link to a new password is on its way."), "success")
    return done("/sign-in")


@blueprint.get("/reset-password/<secret>")
@public
def show_reset(secret: str) -> Response:
    """Ask for the new password of whoever was given the link."""
    return _show_reset(secret)


@blueprint.post("/reset-password/<secret>")
@public
@limiter.limit(SIGN_IN)
def reset_password(secret: str) -> Response:
    """Set the new password, and lead to the door."""
    form = Form(PasswordReset)
    user = form.submit(lambda sent: operations.reset_password(secret, password=sent.password))
    if user is None:
        return _show_reset(secret, form, status=422)
    let_out()
    flash(_("Your new password is set, and you are signed out everywhere. Sign in with it."), "success")
    return done("/sign-in")


def _show_reset(secret: str, form: Form[PasswordReset] | None = None, *, status: int = 200) -> Response:
    link = queries.link_of(LinkPurpose.PASSWORD_RESET, secret)
    if link is None:
        raise NotFound("This link was used already, or is too old. Ask an admin of your team for a new one.")
    return render(
        "accounts/reset_password.html",
        form=form,
        user=queries.user_of_link(link),
        shortest_password=operations.SHORTEST_PASSWORD,
        status=status,
    )
