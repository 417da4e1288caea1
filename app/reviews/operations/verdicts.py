"""Judging what can be tried: accepting one commit, or saying what should be different."""

from collections.abc import Mapping

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ProductRequest, RequestStatus, WorkflowAction
from app.reviews import permissions

LONGEST_FEEDBACK = 5_000
_LONGEST_ELEMENT = 300
_SHORTEST_NAME = 7


def approve(request: ProductRequest, *, by: User, commit: str) -> None:
    """Accept one commit of a request's branch; a later one is not accepted by it."""
    if not permissions.can_approve(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can accept it.")
    requests.must_be_open(request, WorkflowAction.APPROVE)
    tip = tip_of(request)
    if tip is None or len(commit) < _SHORTEST_NAME or not tip.startswith(commit):
        raise Conflict(
            "There is a newer version than the one you looked at. Open the preview again and look at it.",
            code="not_the_tip",
        )
    with transaction():
        session.refresh(request)
        if request.status is RequestStatus.IN_REVIEW and request.approved_commit == tip:
            return  # pressed twice
        requests.move(request, WorkflowAction.APPROVE, by=by, payload={"commitSha": tip})


def request_changes(
    request: ProductRequest, *, by: User, feedback: str, element: Mapping[str, str] | None = None
) -> None:
    """Say what should be different; `element` is what was pointed at: text from a page nobody vouches for."""
    if not permissions.can_request_changes(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can ask for changes.")
    if len(feedback) > LONGEST_FEEDBACK:
        raise Invalid.field("feedback", f"Say it in at most {LONGEST_FEEDBACK} characters.", type="too_long")
    pointed = {name: text[:_LONGEST_ELEMENT] for name, text in (element or {}).items() if text.strip()}
    payload = {"feedback": feedback.strip(), "element": pointed or None, "commitSha": request.commit_sha}
    requests.move(request, WorkflowAction.REQUEST_CHANGES, by=by, payload=payload)


def tip_of(request: ProductRequest) -> str | None:
    """Return where the branch stands in git; what was missed of it is made up for."""
    tip = repository_of(request.project).head(request.working_branch)
    if tip is not None and tip != request.commit_sha and request.status is RequestStatus.IN_REVIEW:
        requests.note_commit(request, commit=tip)
    return tip
