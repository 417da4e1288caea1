"""Who may decide about the whole installation."""

from app.accounts.models import User


def can_administer_installation(user: User) -> bool:
    """Tell whether somebody is an admin of the installation, not of an organization alone."""
    return user.is_admin and user.confined_to is None


def can_administer_organizations(user: User) -> bool:
    """Tell whether somebody makes, changes and deletes organizations, by any key of theirs too."""
    return user.is_admin
