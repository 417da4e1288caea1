"""What organizations announce."""

from dataclasses import dataclass

from app.accounts.models import User
from app.organizations.models import Invitation, Membership


@dataclass(frozen=True)
class MemberJoined:
    """Somebody accepted an invitation."""

    membership: Membership
    invitation: Invitation
    user: User
