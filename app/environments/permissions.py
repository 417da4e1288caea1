"""Who may do what with tasks and environments: pure predicates."""

from app.accounts.models import User
from app.environments.models import Environment
from app.organizations.models import Organization, Role
from app.organizations.permissions import is_at_least
from app.projects.models import Project
from app.projects.permissions import can_develop


def can_publish(user: User, organization: Organization) -> bool:
    """Publish a version of a task."""
    return is_at_least(user, organization.id, Role.DEVELOPER)


def can_create(user: User, project: Project) -> bool:
    """Make an environment in a project."""
    return can_develop(user, project)


def can_use(user: User, environment: Environment) -> bool:
    """Run commands in an environment, have it verified, tear it down."""
    return can_develop(user, environment.project)
