"""What organizations announce."""

from dataclasses import dataclass

from app.accounts.models import User
from app.organizations.models import Invitation, Membership, Organization


@dataclass(frozen=True)
class MemberLeft:
    """Somebody is no longer a member, has another role, or an account that is shut."""

    organization: Organization
    user: User


@dataclass(frozen=True)
class MemberJoined:
    """Somebody accepted an invitation."""

    membership: Membership
    invitation: Invitation
    user: User
