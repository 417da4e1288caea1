"""Who may do what with a request: pure predicates."""

from uuid import UUID

from app.accounts.models import User
from app.organizations.models import Role
from app.organizations.permissions import can_administer, is_at_least
from app.projects.models import Project, StartPolicy
from app.projects.permissions import can_develop
from app.requests.models import Activity, Attachment, ProductRequest, RequestStatus


def is_own(user: User, request: ProductRequest) -> bool:
    """Tell whether a person asked for this and still takes part."""
    return request.requester_id == user.id and is_at_least(user, request.organization_id, Role.REQUESTER)


def can_edit(user: User, request: ProductRequest) -> bool:
    """Change the words of a request, answer its interview, drop or reopen it."""
    return not request.project.is_archived and (is_own(user, request) or can_develop(user, request.project))


def can_comment(user: User, request: ProductRequest) -> bool:
    """Say something about a request."""
    return is_at_least(user, request.organization_id, Role.REQUESTER)


def can_change_comment(user: User, comment: Activity) -> bool:
    """Change one's own words."""
    return comment.actor_id == user.id and can_comment(user, comment.request)


def can_remove_comment(user: User, comment: Activity) -> bool:
    """Take back one's own words, or remove anybody's as an admin of the organization."""
    return can_change_comment(user, comment) or can_administer(user, comment.request.organization_id)


def can_label(user: User, request: ProductRequest) -> bool:
    """Put labels on a request and take them off."""
    return can_edit(user, request)


def can_manage_labels(user: User, organization_id: UUID) -> bool:
    """Make, change and remove the labels of an organization."""
    return can_administer(user, organization_id)


def can_hand_in(user: User, project: Project) -> bool:
    """Send pictures and files along with what is asked or said in a project."""
    return is_at_least(user, project.organization_id, Role.REQUESTER)


def can_remove(user: User, attachment: Attachment) -> bool:
    """Take a picture or file away: one's own, or as an admin of the organization."""
    request = attachment.request
    if request is None:
        return attachment.uploader_id == user.id
    own = attachment.uploader_id == user.id and can_comment(user, request)
    return own or can_administer(user, request.organization_id)


def can_assign(user: User, request: ProductRequest) -> bool:
    """Name who works on a request."""
    return can_develop(user, request.project)


def can_arrange(user: User, request: ProductRequest) -> bool:
    """Order the cards of a column."""
    return can_develop(user, request.project)


def can_judge(user: User, request: ProductRequest) -> bool:
    """Accept a preview or ask for changes on it."""
    return can_edit(user, request)


def can_start_development(user: User, request: ProductRequest) -> bool:
    """Start the work on a request, as the project's policy says."""
    if request.needs_yes:
        return False
    if can_develop(user, request.project):
        return True
    return request.project.start_policy is StartPolicy.REQUESTER and can_edit(user, request)


def can_build(user: User, request: ProductRequest) -> bool:
    """Start and cancel development, previews and pull requests; merge."""
    return can_develop(user, request.project)


def is_editable(request: ProductRequest) -> bool:
    """Tell whether the words can still change what is built."""
    return request.status in {RequestStatus.DRAFT, RequestStatus.INTERVIEWING, RequestStatus.READY}
