"""Who may look after connections."""

from uuid import UUID

from app.accounts.models import User
from app.organizations.permissions import oversees


def can_connect(user: User, organization_id: UUID | None) -> bool:
    """Make, change and remove connections of an organization, or of the installation where it is None."""
    if organization_id is None:
        return user.is_admin and user.confined_to is None
    return oversees(user, organization_id)
