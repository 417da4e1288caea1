"""Who may take everything out, and who may bring it in."""

from app.accounts.models import User
from app.organizations.models import Organization
from app.organizations.permissions import can_administer


def can_export(user: User, organization: Organization) -> bool:
    """Have an archive made of an organization, and download it: its own admins alone."""
    return can_administer(user, organization.id)


def can_import(user: User) -> bool:
    """Make an organization of an archive: the installation's admin alone."""
    return user.is_admin
