"""What organizations announce."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.models import User
from app.organizations.models import Invitation, JoinLink, Membership, Organization, Period


@dataclass(frozen=True)
class MemberLeft:
    """Somebody is no longer a member, has another role, or an account that is shut."""

    organization: Organization
    user: User


@dataclass(frozen=True)
class MemberJoined:
    """Somebody came in by an invitation or a join link."""

    membership: Membership
    invitation: Invitation | JoinLink
    user: User


@dataclass
class UsageCounted:
    """It is counted what an organization used in a month; whoever knows something of it adds that."""

    organization_id: UUID
    period: Period
    requests: int = 0
    build_seconds: float = 0.0


@dataclass
class FilesWeighed:
    """It is looked how much an organization keeps here; whoever keeps something of it adds that."""

    organization_id: UUID
    bytes: int = 0
