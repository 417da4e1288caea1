"""Who may do what with specs: pure predicates."""

from app.accounts.models import User
from app.organizations.models import Organization, Role
from app.organizations.permissions import is_at_least
from app.projects.models import Project
from app.projects.permissions import can_file_requests
from app.specs.models import Spec


def can_ask_for_spec(user: User, organization: Organization, project: Project | None = None) -> bool:
    """Have a spec written."""
    if project is not None:
        return can_file_requests(user, project)
    return is_at_least(user, organization.id, Role.REQUESTER)


def can_work_on_spec(user: User, spec: Spec) -> bool:
    """Change its stories, cancel it, have it written again."""
    if spec.project is not None and spec.project.is_archived:
        return False
    if is_at_least(user, spec.organization_id, Role.DEVELOPER):
        return True
    return spec.asked_by_id == user.id and is_at_least(user, spec.organization_id, Role.REQUESTER)


def can_ask_for_story(user: User, spec: Spec) -> bool:
    """File a story of it as a request."""
    return spec.project is not None and can_file_requests(user, spec.project)
