"""The ways in: the first admin's link, and invitations."""

from http import HTTPStatus

from flask import Response

from app.accounts.models import LinkPurpose
from app.accounts.operations import SHORTEST_PASSWORD
from app.accounts.queries import link_of, user_by_email
from app.core.errors import NotFound
from app.organizations import operations, queries
from app.organizations.models import Invitation
from app.organizations.permissions import role_in
from app.organizations.schemas import FirstAdmin, NewMember
from app.organizations.views.base import blueprint
from app.web.guards import caller, me, public
from app.web.limits import SIGN_IN, limiter
from app.web.pages import done, render
from app.web.schemas import Form
from app.web.sessions import let_in


@blueprint.get("/welcome/<secret>")
@public
def welcome(secret: str) -> Response:
    """Ask the first admin for what Greenroom needs to begin."""
    return _show_welcome(secret)


@blueprint.post("/welcome/<secret>")
@public
@limiter.limit(SIGN_IN)
def begin(secret: str) -> Response:
    """Make the first admin and their organization, and go on to who shall reach this."""
    form = Form(FirstAdmin)
    user = form.submit(
        lambda sent: operations.found(
            secret,
            name=sent.name,
            email=sent.email,
            password=sent.password,
            organization_name=sent.organization,
        )
    )
    if user is None:
        return _show_welcome(secret, form, status=422)
    let_in(user)
    return done("/admin/reach")


def _show_welcome(secret: str, form: Form[FirstAdmin] | None = None, *, status: int = 200) -> Response:
    if link_of(LinkPurpose.FIRST_ADMIN, secret) is None:
        raise NotFound("This link was used already, or is too old. `bin/up` prints a fresh one.")
    return render("organizations/welcome.html", form=form, shortest_password=SHORTEST_PASSWORD, status=status)


@blueprint.get("/invitations/<secret>")
@public
def show_invitation(secret: str) -> Response:
    """Say who invites to what, before anything is asked."""
    return _show_invitation(_invitation(secret), secret)


@blueprint.post("/invitations/<secret>")
@public
@limiter.limit(SIGN_IN)
def join(secret: str) -> Response:
    """Make an account through an invitation, and come in."""
    invitation = _invitation(secret)
    form = Form(NewMember)
    user = form.submit(
        lambda sent: operations.accept_as_new(
            invitation, name=sent.name, email=sent.email, password=sent.password
        )
    )
    if user is None:
        return _show_invitation(invitation, secret, form, status=422)
    let_in(user)
    return done(f"/{invitation.organization.slug}")


@blueprint.post("/invitations/<secret>/acceptance")
def accept(secret: str) -> Response:
    """Come in with the account one has."""
    invitation = _invitation(secret)
    operations.accept(invitation, by=me())
    return done(f"/{invitation.organization.slug}")


def _invitation(secret: str) -> Invitation:
    invitation = queries.invitation_of_token(secret)
    if invitation is None:
        raise NotFound("There is no such invitation. Perhaps a newer link was made; ask who invited you.")
    return invitation


def _show_invitation(
    invitation: Invitation, secret: str, form: Form[NewMember] | None = None, *, status: int = 200
) -> Response:
    holds = invitation.is_open
    user = me() if caller() else None
    known = user_by_email(invitation.email) if invitation.email else None
    return render(
        "organizations/invitation.html",
        invitation=invitation,
        secret=secret,
        form=form,
        belongs=user is not None and role_in(user, invitation.organization_id) is not None,
        fits=user is not None and invitation.is_for(user.email),
        has_account=known is not None and not invitation.any_email,
        shortest_password=SHORTEST_PASSWORD,
        status=status if holds else HTTPStatus.GONE,
    )
