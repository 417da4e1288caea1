"""What the operations on organizations share."""

from app.accounts.models import User
from app.core.errors import NotAllowed
from app.organizations import permissions
from app.organizations.models import Organization


def administer(by: User, organization: Organization) -> None:
    """Refuse whoever is no admin of an organization."""
    if not permissions.can_administer(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can do this.")
