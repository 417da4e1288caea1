"""What organizations take and give."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AliasPath, Field, StringConstraints

from app.accounts.models import User
from app.accounts.schemas import Email, Name, Password
from app.organizations.models import (
    Invitation,
    InvitationStatus,
    Membership,
    Organization,
    Role,
    memberships_of,
)
from app.organizations.permissions import role_in
from app.web.schemas import Moment, Schema


class PersonRef(Schema):
    """Somebody, named in something else."""

    id: UUID
    name: str


class OrganizationRef(Schema):
    """An organization, named in something else."""

    id: UUID
    name: str
    slug: str


class OrganizationOut(OrganizationRef):
    """An organization, and the caller's role in it."""

    role: Role | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, organization: Organization, *, to: User) -> Self:
        """Show an organization to somebody."""
        return cls.model_validate(
            {
                "id": organization.id,
                "name": organization.name,
                "slug": organization.slug,
                "role": role_in(to, organization.id),
                "created_at": organization.created_at,
                "updated_at": organization.updated_at,
            }
        )


class OrganizationChange(Schema):
    """What to change of an organization."""

    name: Name


class MemberOut(Schema):
    """A member of an organization; the id is the person's."""

    id: UUID = Field(validation_alias=AliasPath("user", "id"))
    email: str = Field(validation_alias=AliasPath("user", "email"))
    name: str = Field(validation_alias=AliasPath("user", "name"))
    role: Role
    joined_at: Moment = Field(validation_alias="created_at", serialization_alias="joinedAt")


class MembershipOut(Schema):
    """An organization, as somebody belongs to it."""

    id: UUID
    name: str
    slug: str
    role: Role

    @classmethod
    def of(cls, membership: Membership) -> Self:
        """Show where somebody belongs."""
        organization = membership.organization
        return cls(id=organization.id, name=organization.name, slug=organization.slug, role=membership.role)


class UserOut(Schema):
    """The caller, and where they belong."""

    id: UUID
    email: str
    name: str
    is_admin: bool
    organizations: list[MembershipOut]

    @classmethod
    def of(cls, user: User) -> Self:
        """Show somebody to themselves; through a key, only where the key belongs."""
        organizations = [MembershipOut.of(membership) for membership in memberships_of(user)]
        return cls(
            id=user.id, email=user.email, name=user.name, is_admin=user.is_admin, organizations=organizations
        )


class NewInvitation(Schema):
    """Somebody to invite; without an e-mail, whoever has the link."""

    email: Email | None = None
    role: Role = Role.REQUESTER


class NewUser(NewInvitation):
    """Somebody to invite into any organization."""

    organization_id: UUID


class Invitations(Schema):
    """Several people to invite at once, in one role; without an e-mail, whoever has the link."""

    emails: Annotated[str, StringConstraints(max_length=5000)] = ""
    role: Role = Role.REQUESTER


class RoleChange(Schema):
    """Another role for a member."""

    role: Role


class InvitationOut(Schema):
    """An invitation, without its link."""

    id: UUID
    organization_id: UUID
    email: str | None
    role: Role
    status: InvitationStatus
    invited_by: PersonRef
    created_at: Moment
    expires_at: Moment
    accepted_at: Moment | None
    revoked_at: Moment | None


class InvitationMade(InvitationOut):
    """An invitation with its link and the secret in it, this once."""

    url: str
    token: str

    @classmethod
    def of(cls, invitation: Invitation, url: str) -> Self:
        """Show a fresh link with its invitation."""
        shown = InvitationOut.model_validate(invitation).model_dump()
        return cls(**shown, url=url, token=url.rpartition("/")[2])


class InvitationShown(Schema):
    """What whoever has an invitation's link may know of it."""

    status: InvitationStatus
    valid: bool
    email: str | None
    role: Role
    organization: OrganizationRef
    invited_by: PersonRef
    expires_at: Moment

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        """Show an invitation to somebody with its link."""
        return cls.model_validate(
            {
                "status": invitation.status,
                "valid": invitation.status is InvitationStatus.PENDING,
                "email": invitation.email,
                "role": invitation.role,
                "organization": invitation.organization,
                "invited_by": invitation.invited_by,
                "expires_at": invitation.expires_at,
            }
        )


class NewMember(Schema):
    """Who comes in through an invitation."""

    name: Name
    email: Email
    password: Password


class Acceptance(Schema):
    """Who accepts: nothing for the caller, or who is new here."""

    name: Name | None = None
    email: Email | None = None
    password: Password | None = None


class Accepted(Schema):
    """That somebody belongs to an organization now."""

    organization: OrganizationRef
    role: Role
    user: PersonRef


class FirstAdmin(Schema):
    """Who begins here, and their organization."""

    name: Name
    email: Email
    password: Password
    organization: Name
