"""Who may decide about the whole installation."""

from app.accounts.models import User
from app.organizations.models import Membership


def can_administer_installation(user: User) -> bool:
    """Tell whether somebody is an admin of the installation, not of an organization alone."""
    return user.is_admin and user.confined_to is None


def can_change_account(user: User, person: User) -> bool:
    """Tell whether an admin reaches an account: a key only who belongs to its organization and no other."""
    every: list[Membership] = person.memberships  # type: ignore[attr-defined]
    return user.is_admin and (
        user.confined_to is None or {each.organization_id for each in every} <= {user.confined_to}
    )


def can_administer_organizations(user: User) -> bool:
    """Tell whether somebody makes, changes and deletes organizations, by any key of theirs too."""
    return user.is_admin
