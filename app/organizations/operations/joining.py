"""Coming in, by whichever way."""

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict
from app.core.events import announce
from app.organizations import queries
from app.organizations.events import MemberJoined
from app.organizations.models import Invitation, JoinLink, Membership
from app.organizations.operations.base import note_member


def join(way: Invitation | JoinLink, user: User) -> Membership:
    """Let somebody belong to an organization, in the role that an invitation or a join link gives."""
    if queries.belongs(user, way.organization_id):
        raise Conflict(f"You belong to {way.organization.name} already.")
    with transaction():
        membership = Membership(user=user, organization=way.organization, role=way.role)
        session.add(membership)
        session.flush()  # what follows asks for their role
        note_member("member.joined", membership, by=user, detail=membership.role)
        announce(MemberJoined(membership, way, user))
    return membership
