"""Inviting people, and making links by which several come in."""

from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.organizations import operations, queries
from app.organizations.schemas import Invitations, NewJoinLink
from app.organizations.views import members
from app.organizations.views.base import blueprint, organization_at
from app.web.guards import me
from app.web.pages import done, load_or_404
from app.web.schemas import Form


@blueprint.post("/<organization>/invitations")
def invite(organization: str) -> Response:
    """Invite one or several people, and show the links at once."""
    here, form = organization_at(organization), Form(Invitations)
    links = form.submit(
        lambda sent: operations.invite_several(
            here, by=me(), emails=sent.addresses, role=sent.role, any_email=sent.any_email
        )
    )
    if links is None:
        return members.show(here, form=form, status=422)
    return members.show(here, links=links, status=201)


@blueprint.post("/<organization>/invitations/<uuid:invitation_id>/link")
def resend_invitation(organization: str, invitation_id: UUID) -> Response:
    """Make a fresh link for an invitation, and show it."""
    here = organization_at(organization)
    invitation = load_or_404(queries.invitation_to(here, invitation_id))
    url = operations.resend(invitation, by=me())
    return members.show(here, links=[(invitation, url)])


@blueprint.post("/<organization>/invitations/<uuid:invitation_id>/revocation")
def revoke_invitation(organization: str, invitation_id: UUID) -> Response:
    """Take an invitation back."""
    here = organization_at(organization)
    operations.revoke(load_or_404(queries.invitation_to(here, invitation_id)), by=me())
    flash(_("The invitation is taken back; its link opens nothing any more."), "success")
    return done(f"{here.path}/members")


@blueprint.post("/<organization>/join-links")
def make_join_link(organization: str) -> Response:
    """Make a link by which several people come in, and show it, this once."""
    here, form = organization_at(organization), Form(NewJoinLink)
    made = form.submit(lambda sent: operations.make_join_link(here, by=me(), **sent.model_dump()))
    if made is None:
        return members.show(here, join_form=form, status=422)
    return members.show(here, links=[made], status=201)


@blueprint.post("/<organization>/join-links/<uuid:link_id>/end")
def end_join_link(organization: str, link_id: UUID) -> Response:
    """End a link by which several people come in."""
    here = organization_at(organization)
    operations.end_join_link(load_or_404(queries.join_link_of(here, link_id)), by=me())
    flash(_("The link is ended. Who came in by it stays."), "success")
    return done(f"{here.path}/members")
