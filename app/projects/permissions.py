"""Who may do what with a project: pure predicates."""

from app.accounts.models import User
from app.organizations.models import Role
from app.organizations.permissions import can_administer, is_at_least, oversees
from app.projects.models import Project


def can_file_requests(user: User, project: Project) -> bool:
    """Ask for something on the board."""
    return not project.is_archived and is_at_least(user, project.organization_id, Role.REQUESTER)


def can_develop(user: User, project: Project) -> bool:
    """Push branches, start and cancel work, merge."""
    return not project.is_archived and is_at_least(user, project.organization_id, Role.DEVELOPER)


def can_push_to_default_branch(user: User, project: Project) -> bool:
    """Push past review, straight to what is live."""
    return can_administer(user, project.organization_id)


def can_configure(user: User, project: Project) -> bool:
    """Change the project's settings."""
    return can_administer(user, project.organization_id)


def can_administer_project(user: User, project: Project) -> bool:
    """Say what a project is called, who sees it, whether it rests, and remove it."""
    return can_configure(user, project) or oversees(user, project.organization_id)


def protected_branches(user: User, project: Project, *, is_empty: bool) -> set[str]:
    """Return the branches that a person may not move: what is live, unless nothing is there yet."""
    if is_empty or can_push_to_default_branch(user, project):
        return set()
    return {project.default_branch}
