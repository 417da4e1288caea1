"""Who may do what in a review: pure predicates."""

from app.accounts.models import User
from app.requests.models import ProductRequest, RequestStatus
from app.requests.permissions import can_build, can_comment, can_edit, can_judge
from app.reviews.models import LineComment, LineThread, PullRequest


def can_approve(user: User, request: ProductRequest) -> bool:
    """Accept what can be tried."""
    return can_judge(user, request)


def can_request_changes(user: User, request: ProductRequest) -> bool:
    """Say what should be different."""
    return can_judge(user, request)


def can_create_pull_request(user: User, request: ProductRequest) -> bool:
    """Offer the branch for merging."""
    return can_build(user, request)


def can_merge(user: User, request: ProductRequest) -> bool:
    """Put it live."""
    return can_build(user, request)


def can_close(user: User, pull_request: PullRequest) -> bool:
    """Take the offer back."""
    return can_build(user, pull_request.request)


def can_undo(user: User, request: ProductRequest) -> bool:
    """Ask for what was merged to be taken out again."""
    return can_edit(user, request)


def can_comment_on_lines(user: User, request: ProductRequest) -> bool:
    """Say something about lines of a change, and answer."""
    return can_comment(user, request)


def can_resolve(user: User, thread: LineThread) -> bool:
    """Say that what was said about lines is done, or is not."""
    return can_build(user, thread.request) or (
        thread.started_by_id == user.id and can_comment(user, thread.request)
    )


def can_edit_comment(user: User, comment: LineComment) -> bool:
    """Change or take back one's own words."""
    return comment.author_id == user.id and can_comment(user, comment.thread.request)


def is_judged_now(request: ProductRequest) -> bool:
    """Tell whether there is something to accept or to change at this moment."""
    return request.status in {RequestStatus.IN_REVIEW, RequestStatus.PR_OPEN}
