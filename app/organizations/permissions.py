"""Who may do what in an organization: pure predicates."""

from uuid import UUID

from app.accounts.models import User
from app.organizations.models import Role, memberships_of


def role_in(user: User, organization_id: UUID) -> Role | None:
    """Return a person's role; None for a stranger."""
    for membership in memberships_of(user):
        if membership.organization_id == organization_id:
            return membership.role
    return None


def is_at_least(user: User, organization_id: UUID, role: Role) -> bool:
    """Tell whether a person's role in an organization is `role` or more."""
    held = role_in(user, organization_id)
    return held is not None and held.rank >= role.rank


def can_administer(user: User, organization_id: UUID) -> bool:
    """Members, invitations, labels, connections, the organization itself."""
    return is_at_least(user, organization_id, Role.ADMIN)


def can_edit(user: User, organization_id: UUID) -> bool:
    """Change what an organization is called, where it is found, its logo and what it may use."""
    return can_administer(user, organization_id) or user.is_admin


def can_invite(user: User, organization_id: UUID) -> bool:
    """Invite people into an organization."""
    return can_administer(user, organization_id) or oversees(user, organization_id)


def can_create_projects(user: User, organization_id: UUID) -> bool:
    """Make projects in an organization."""
    return can_administer(user, organization_id) or oversees(user, organization_id)


def can_give_reset_link(user: User, person: User) -> bool:
    """Give somebody a link to a new password, with which they (and whoever has it) come in as themselves.

    For somebody who belongs to other organizations too, or runs the installation, only its admin may.
    """
    if user.is_admin and user.confined_to is None:
        return True
    theirs = [membership.organization_id for membership in memberships_of(person)]
    may = [can_administer(user, place) or oversees(user, place) for place in theirs]
    return bool(may) and all(may) and not person.is_admin


def oversees(user: User, organization_id: UUID) -> bool:
    """Tell whether a person administers the installation, as far as the key in use reaches."""
    return user.is_admin and user.confined_to in {None, organization_id}
