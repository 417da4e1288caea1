"""Accounts, as an admin of the installation sees and changes them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from app.accounts.models import User
from app.accounts.schemas import Name
from app.organizations.models import Membership
from app.organizations.schemas import MembershipOut
from app.web.schemas import Moment, Paging, Schema


class PeopleQuery(Paging):
    """Which accounts to list."""

    q: str = ""
    organization_id: UUID | None = None
    is_admin: bool | None = None
    active: bool | None = None


class PersonChange(Schema):
    """What to change of an account; what is missing stays."""

    name: Name | None = None
    active: bool | None = None
    is_admin: bool | None = None


class PeopleChange(Schema):
    """What to change of several accounts at once: of all of them, or of none."""

    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    active: bool | None = None
    is_admin: bool | None = None


class Deletion(Schema):
    """Who gets what somebody asked for, when their account goes; nobody where it stays a former member's."""

    successor_id: UUID | None = None


class AccountOut(Schema):
    """An account, and where it belongs; through a key, only where the key does."""

    id: UUID
    email: str
    name: str
    is_admin: bool
    active: bool
    organizations: list[MembershipOut]
    created_at: Moment
    deactivated_at: Moment | None

    @classmethod
    def of(cls, person: User, *, to: User) -> Self:
        """Show an account to an admin."""
        every: list[Membership] = person.memberships  # type: ignore[attr-defined]
        seen = [each for each in every if to.confined_to in {None, each.organization_id}]
        return cls(
            id=person.id,
            email=person.email,
            name=person.name,
            is_admin=person.is_admin,
            active=person.is_active,
            organizations=[MembershipOut.of(each) for each in seen],
            created_at=person.created_at,
            deactivated_at=person.deactivated_at,
        )
