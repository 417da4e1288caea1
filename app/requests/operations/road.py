"""The steps of the road: one at a time, each with its activity."""

from typing import Any
from uuid import UUID

from app.accounts.models import User
from app.core.clock import iso, now
from app.core.db import session, transaction
from app.core.errors import IllegalTransition, Invalid
from app.core.events import announce
from app.requests import queries
from app.requests.events import RequestMoved, RequestPutBack
from app.requests.models import (
    ACTIONS,
    REQUIRED,
    WORDS,
    ActivityType,
    Delivery,
    ProductRequest,
    RequestStatus,
    WorkflowAction,
)
from app.requests.operations.branches import note_commit
from app.requests.operations.feed import record
from app.requests.operations.turns import pass_turn

_KIND = {
    WorkflowAction.START_INTERVIEW: ActivityType.INTERVIEW,
    WorkflowAction.COMPLETE_INTERVIEW: ActivityType.INTERVIEW,
    WorkflowAction.RESET_INTERVIEW: ActivityType.INTERVIEW,
    WorkflowAction.ALLOW_DEVELOPMENT: ActivityType.DEVELOPMENT,
    WorkflowAction.START_DEVELOPMENT: ActivityType.DEVELOPMENT,
    WorkflowAction.COMPLETE_DEVELOPMENT: ActivityType.DEVELOPMENT,
    WorkflowAction.PREVIEW_READY: ActivityType.PREVIEW,
    WorkflowAction.APPROVE: ActivityType.REVIEW,
    WorkflowAction.REQUEST_CHANGES: ActivityType.REVIEW,
    WorkflowAction.CREATE_PR: ActivityType.PR,
    WorkflowAction.MERGE: ActivityType.PR,
    WorkflowAction.CLOSE_PR: ActivityType.PR,
}


def move(
    request: ProductRequest,
    action: WorkflowAction,
    *,
    by: User | None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Take one step of the road and leave its activity; anything but an open step is a 409.

    Who may take it is asked by the operation that calls this; `by` is None where the system itself acts.
    """
    payload = {key: value for key, value in (payload or {}).items() if value is not None}
    for name in REQUIRED.get(action, ()):
        if not str(payload.get(name, "")).strip():
            raise Invalid.field(name, f"Say the {name}: it is kept with the step.", type="missing")
    with transaction():
        steps = ACTIONS[action]
        before = request.status
        must_be_open(request, action)
        target = steps[before]
        if target is not before:
            position = queries.first_position(request.project_id, target)
            request.move_to(target)
            request.position = position
        _apply(request, action, payload, by)
        pass_turn(request)
        session.flush()  # the version column settles a race before anything follows from the step
        details = {"action": action.value, "from": before.value, "to": target.value, **payload}
        record(request, _KIND.get(action, ActivityType.STATUS_CHANGE), WORDS[action], by=by, payload=details)
        announce(RequestMoved(request, action, before, by, payload))


def must_be_open(request: ProductRequest, action: WorkflowAction) -> None:
    """Refuse a step that the request's state does not have, and name those that it has."""
    if action not in request.open_actions:
        steps = ", ".join(request.open_actions) or "none"
        raise IllegalTransition(f"{action} is not possible while this is {request.status}. Open: {steps}.")


def put_back(request: ProductRequest, *, to: RequestStatus, reason: str) -> None:
    """Put a request back to where a failed, cancelled or expired session took it from."""
    with transaction():
        if request.status is not RequestStatus.IN_DEVELOPMENT:
            return
        request.move_to(to)
        request.round -= 1  # what nobody could try was no round
        pass_turn(request)
        record(
            request,
            ActivityType.DEVELOPMENT,
            f"The work ended without a result: {reason}",
            by=None,
            payload={"from": RequestStatus.IN_DEVELOPMENT.value, "to": to.value, "reason": reason},
        )
        announce(RequestPutBack(request, reason))


def _apply(request: ProductRequest, action: WorkflowAction, payload: dict[str, Any], by: User | None) -> None:
    _apply_work(request, action, payload, by)
    _apply_review(request, action, payload, by)


def _apply_work(
    request: ProductRequest, action: WorkflowAction, payload: dict[str, Any], by: User | None
) -> None:
    if action is WorkflowAction.COMPLETE_INTERVIEW:
        request.gherkin_criteria = payload.get("gherkinCriteria", request.gherkin_criteria)
        request.agent_prompt = payload.get("agentPrompt", request.agent_prompt)
    elif action is WorkflowAction.ALLOW_DEVELOPMENT:
        request.allowed_at, request.allowed_by = now(), by
    elif action in {WorkflowAction.RESET_INTERVIEW, WorkflowAction.REOPEN}:
        request.allowed_at = request.allowed_by = None  # a yes was said to what is asked anew now
    elif action is WorkflowAction.START_DEVELOPMENT:
        request.branch_name = payload.get("branchName", request.working_branch)
        request.round += 1
    elif action is WorkflowAction.COMPLETE_DEVELOPMENT:
        request.branch_name = payload.get("branchName", request.branch_name)
        if payload.get("commitSha"):
            note_commit(request, commit=str(payload["commitSha"]))
    elif action is WorkflowAction.PREVIEW_READY:
        request.preview_url = payload.get("previewUrl", request.preview_url)


def _apply_review(
    request: ProductRequest, action: WorkflowAction, payload: dict[str, Any], by: User | None
) -> None:
    if action is WorkflowAction.APPROVE:
        request.approved_commit = str(payload.get("commitSha") or request.commit_sha)
        request.approved_at, request.approved_by = now(), by
    elif action is WorkflowAction.REQUEST_CHANGES:
        request.feedback = str(payload["feedback"])
        request.approved_commit = request.approved_at = request.approved_by = None
        request.pull_request_url = None
    elif action is WorkflowAction.CREATE_PR:
        request.pull_request_url = str(payload["pullRequestUrl"])
        request.work_item_url = payload.get("workItemUrl", request.work_item_url)
    elif action is WorkflowAction.MERGE:
        request.merged_at, request.delivery = now(), Delivery.HELD
        request.merged_commit = payload.get("commitSha")
        payload.setdefault("mergedAt", iso(request.merged_at))
    elif action is WorkflowAction.CLOSE_PR:
        request.pull_request_url = None


def request_of(request_id: UUID) -> ProductRequest:
    """Load a request for a job, as it is now."""
    return session.get_one(ProductRequest, request_id, populate_existing=True)
