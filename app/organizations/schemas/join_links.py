"""Join links: by which several people come in."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.organizations.models import JoinLink, JoinLinkStatus, Role
from app.organizations.schemas.organizations import OrganizationRef
from app.organizations.schemas.people import PersonRef
from app.web.schemas import Moment, Schema


class NewJoinLink(Schema):
    """A link to make: in which role, how many people, for how many days, and of which mail domain."""

    role: Role = Role.REQUESTER
    most_uses: Annotated[int, Field(ge=1, le=1000)] = 10
    days: Annotated[int, Field(ge=1, le=365)] = 7
    domain: Annotated[str, StringConstraints(max_length=254)] | None = None


class JoinLinkOut(Schema):
    """A join link, without its address."""

    id: UUID
    organization_id: UUID
    role: Role
    status: JoinLinkStatus
    uses: int
    most_uses: int
    domain: str | None
    made_by: PersonRef | None
    created_at: Moment
    expires_at: Moment
    ended_at: Moment | None


class JoinLinkMade(JoinLinkOut):
    """A join link with its address and the secret in it, this once."""

    url: str
    token: str

    @classmethod
    def of(cls, link: JoinLink, url: str) -> Self:
        """Show a fresh link."""
        shown = JoinLinkOut.model_validate(link).model_dump()
        return cls(**shown, url=url, token=url.rpartition("/")[2])


class JoinLinkShown(Schema):
    """What whoever has a join link may know of it."""

    status: JoinLinkStatus
    valid: bool
    role: Role
    domain: str | None
    organization: OrganizationRef
    expires_at: Moment

    @classmethod
    def of(cls, link: JoinLink) -> Self:
        """Show a link to somebody who has it."""
        return cls.model_validate(
            {
                "status": link.status,
                "valid": link.is_open,
                "role": link.role,
                "domain": link.domain,
                "organization": link.organization,
                "expires_at": link.expires_at,
            }
        )
