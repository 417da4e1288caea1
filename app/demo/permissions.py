"""Who may do what with a demo: pure predicates."""

from uuid import UUID

from app.accounts.models import User
from app.organizations.permissions import can_create_projects


def can_look_around(user: User, organization_id: UUID) -> bool:
    """Have the sample project made, and have it taken away."""
    return can_create_projects(user, organization_id)
