"""Organizations, who belongs to them in which role, who may come in, and what they use."""

from app.organizations.models.invitation import Invitation, InvitationStatus
from app.organizations.models.join_link import JOINABLE, JoinLink, JoinLinkStatus
from app.organizations.models.organization import (
    FormerSlug,
    Limits,
    Membership,
    Organization,
    Role,
    memberships_of,
)
from app.organizations.models.tokens import TokensSetAside
from app.organizations.models.usage import Period, Usage

__all__ = [
    "JOINABLE",
    "FormerSlug",
    "Invitation",
    "InvitationStatus",
    "JoinLink",
    "JoinLinkStatus",
    "Limits",
    "Membership",
    "Organization",
    "Period",
    "Role",
    "TokensSetAside",
    "Usage",
    "memberships_of",
]
