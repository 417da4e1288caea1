"""Inviting people, and coming in."""

from uuid import UUID

from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.paging import Page, paginate
from app.organizations import operations, queries
from app.organizations.api.base import blueprint, organization_with
from app.organizations.models import Invitation, Organization
from app.organizations.schemas import (
    Acceptance,
    Accepted,
    InvitationMade,
    InvitationOut,
    InvitationShown,
    InvitationsQuery,
    NewInvitation,
    NewInvitations,
    NewUser,
)
from app.web.api import endpoint
from app.web.guards import caller, me
from app.web.limits import SIGN_IN, limiter
from app.web.pages import load_or_404


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/invitations",
    operation="List organization invitations",
    query=InvitationsQuery,
    answer=InvitationOut,
    many=True,
    errors=(404,),
)
def list_invitations(id: UUID, query: InvitationsQuery) -> Page[Invitation]:  # noqa: A002 - the contract's name
    """List the invitations into an organization, newest first, without their links."""
    found = queries.invitations_of(
        organization_with(id), statuses=[query.status] if query.status else (), email=query.email
    )
    return paginate(found, page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "POST",
    "/organizations/<uuid:id>/invitations",
    operation="Create invitation",
    body=NewInvitation,
    answer=InvitationMade,
    status=201,
    errors=(403, 404, 409),
)
def create_invitation(id: UUID, body: NewInvitation) -> InvitationMade:  # noqa: A002 - the contract's name
    """Invite somebody; the answer carries the link, this once."""
    return _invite(organization_with(id), body)


@endpoint(
    blueprint,
    "POST",
    "/organizations/<uuid:id>/invitations/batch",
    operation="Create several invitations (ours)",
    body=NewInvitations,
    answer=InvitationMade,
    many=True,
    status=201,
    errors=(403, 404, 409),
)
def create_invitations(id: UUID, body: NewInvitations) -> list[InvitationMade]:  # noqa: A002
    """Invite up to 50 people at once, all of them or nobody; the answer carries their links, this once."""
    made = operations.invite_several(
        organization_with(id), by=me(), emails=body.emails, role=body.role, any_email=body.any_email
    )
    return [InvitationMade.of(*each) for each in made]


@endpoint(
    blueprint,
    "POST",
    "/admin/users",
    operation="Invite user",
    family="admin",
    body=NewUser,
    answer=InvitationMade,
    status=201,
    scope="admin",
    errors=(403, 404, 409),
)
def invite_user(body: NewUser) -> InvitationMade:
    """Invite somebody into any organization of the installation; the answer carries the link, this once."""
    if not me().is_admin:
        raise NotAllowed("Only an admin of the installation can do this.")
    return _invite(load_or_404(queries.organization_overseen_by(me(), body.organization_id)), body)


def _invite(organization: Organization, body: NewInvitation) -> InvitationMade:
    made = operations.invite(
        organization, by=me(), email=body.email, role=body.role, any_email=body.any_email
    )
    return InvitationMade.of(*made)


@endpoint(
    blueprint,
    "DELETE",
    "/invitations/<uuid:id>",
    operation="Revoke invitation",
    answer=InvitationOut,
    errors=(403, 404, 409),
)
def revoke_invitation(id: UUID) -> Invitation:  # noqa: A002 - the contract's name
    """Take an invitation back; its link opens nothing any more."""
    invitation = load_or_404(queries.invitation_visible_to(me(), id))
    operations.revoke(invitation, by=me())
    return invitation


@endpoint(
    blueprint,
    "POST",
    "/invitations/<uuid:id>/resend",
    operation="Resend invitation",
    answer=InvitationMade,
    errors=(403, 404, 409),
)
def resend_invitation(id: UUID) -> InvitationMade:  # noqa: A002 - the contract's name
    """Make a fresh link, which holds for 14 days; the old one ends."""
    invitation = load_or_404(queries.invitation_visible_to(me(), id))
    return InvitationMade.of(invitation, operations.resend(invitation, by=me()))


@endpoint(
    blueprint,
    "GET",
    "/invitations/token/<token>",
    operation="Validate invitation token",
    answer=InvitationShown,
    public=True,
    errors=(404,),
)
def validate_invitation(token: str) -> InvitationShown:
    """Say what an invitation is for and whether it still holds."""
    return InvitationShown.of(_invitation(token))


@endpoint(
    blueprint,
    "POST",
    "/invitations/token/<token>/accept",
    operation="Accept invitation",
    body=Acceptance,
    answer=Accepted,
    public=True,
    errors=(403, 404, 409, 429),
)
@limiter.limit(SIGN_IN)
def accept_invitation(token: str, body: Acceptance) -> Accepted:
    """Join as the caller; without one, as the new person that `name`, `email` and `password` describe."""
    invitation = _invitation(token)
    if caller() is not None:
        operations.accept(invitation, by=me())
        user = me()
    elif body.name and body.email and body.password:
        user = operations.accept_as_new(invitation, name=body.name, email=body.email, password=body.password)
    else:
        raise Invalid.field(
            "password", "Sign in first, or send `name`, `email` and `password` of who is new.", type="missing"
        )
    return Accepted.model_validate(
        {"organization": invitation.organization, "role": invitation.role, "user": user}
    )


def _invitation(token: str) -> Invitation:
    invitation = queries.invitation_of_token(token)
    if invitation is None:
        raise NotFound("There is no such invitation. Perhaps a newer link was made; ask who invited you.")
    return invitation
