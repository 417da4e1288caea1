"""Members, and the caller."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AliasPath, Field, StringConstraints

from app.accounts.models import User
from app.organizations.models import Membership, Role, memberships_of
from app.web.schemas import Moment, Paging, Schema

Text = Annotated[str, StringConstraints(max_length=200)]


class PersonRef(Schema):
    """Somebody, named in something else."""

    id: UUID
    name: str


class MembersQuery(Paging):
    """Which members to list: with a text in name or e-mail, of a role."""

    q: Text = ""
    role: Role | None = None


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


class RoleChange(Schema):
    """Another role for a member."""

    role: Role
