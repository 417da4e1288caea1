"""The one door for every step of a request's road, whichever feature takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.accounts.models import User
from app.core.db import transaction
from app.core.errors import Conflict, IllegalTransition, Invalid, NotAllowed
from app.development import operations as development
from app.integrations.coding_agent import Edit, criteria_of, sentence_of, task_of
from app.interviews import operations as interviews
from app.requests import operations as requests
from app.requests import permissions
from app.requests.models import (
    ACTIONS,
    REQUIRED,
    ProductRequest,
    RequestStatus,
    TurnRole,
    WorkflowAction,
)
from app.requests.queries import approvers_of, card_in
from app.reviews import operations as reviews

A = WorkflowAction
_ASKED = frozenset({RequestStatus.DRAFT, RequestStatus.INTERVIEWING})
_TRIED = frozenset({RequestStatus.IN_REVIEW, RequestStatus.PR_OPEN})
_STARTS = frozenset({A.ALLOW_DEVELOPMENT, A.START_DEVELOPMENT})
_TOLD_EDITS = 3
Payload = dict[str, Any]

_MAY: dict[WorkflowAction, tuple[Callable[[User, ProductRequest], bool], str]] = {
    A.START_INTERVIEW: (
        permissions.can_edit,
        "Only who asked for this, or a developer, answers its questions.",
    ),
    A.COMPLETE_INTERVIEW: (
        permissions.can_edit,
        "Only who asked for this, or a developer, accepts the criteria.",
    ),
    A.RESET_INTERVIEW: (permissions.can_edit, "Only who asked for this, or a developer, starts over."),
    A.ALLOW_DEVELOPMENT: (
        lambda user, request: user.id in {each.id for each in approvers_of(request)},
        "Somebody else has to say yes.",
    ),
    A.START_DEVELOPMENT: (permissions.can_start_development, "In this project developers start the work."),
    A.COMPLETE_DEVELOPMENT: (permissions.can_build, "Only developers and admins finish the work."),
    A.PREVIEW_READY: (permissions.can_build, "Only developers and admins report a preview."),
    A.APPROVE: (permissions.can_judge, "Only who asked for this, or a developer, accepts it."),
    A.REQUEST_CHANGES: (permissions.can_judge, "Only who asked for this, or a developer, asks for changes."),
    A.CREATE_PR: (permissions.can_build, "Only developers and admins open the merge."),
    A.MERGE: (permissions.can_build, "Only developers and admins merge."),
    A.CLOSE_PR: (permissions.can_build, "Only developers and admins close the merge."),
    A.CANCEL: (permissions.can_edit, "Only who asked for this, or a developer, drops it."),
    A.REOPEN: (permissions.can_edit, "Only who asked for this, or a developer, takes it up again."),
}


@dataclass(frozen=True)
class Transition:
    """One step that is open, and whether this person may take it."""

    action: WorkflowAction
    to: RequestStatus
    requires: list[str]
    allowed: bool
    reason: str | None


def transitions_for(user: User, request: ProductRequest) -> list[Transition]:
    """Return every step that is open in the request's state; what is not allowed says why."""
    found = []
    for action in request.open_actions:
        allowed = may_take(user, request, action)
        to, requires = ACTIONS[action][request.status], list(REQUIRED.get(action, ()))
        reason = None if allowed else _why_not(user, request, action)
        found.append(Transition(action, to, requires, allowed, reason))
    return found


def may_take(user: User, request: ProductRequest, action: WorkflowAction) -> bool:
    """Tell whether somebody may take a step that is open in the request's state."""
    predicate, _reason = _MAY[action]
    if not predicate(user, request):
        return False
    if action is A.CREATE_PR:
        return request.is_accepted
    return action not in _STARTS or not request.waits_for


def _why_not(user: User, request: ProductRequest, action: WorkflowAction) -> str:
    predicate, reason = _MAY[action]
    if action in _STARTS and request.waits_for and predicate(user, request):
        return requests.why_it_waits(request)
    if action in _STARTS and request.needs_yes:
        return requests.why_not_allowed(request)
    if action is A.CREATE_PR and predicate(user, request):
        return f"{request.requester.name} has to accept the preview first."
    return reason


def take(request: ProductRequest, action: WorkflowAction, *, by: User, payload: Payload) -> None:
    """Take a step of the road through the feature that it belongs to."""
    predicate, reason = _MAY[action]
    if not predicate(by, request):
        raise NotAllowed(requests.why_not_allowed(request) if request.needs_yes else reason)
    _STEPS[action](request, by, payload)


_OPEN_IT: dict[WorkflowAction, str] = {
    A.COMPLETE_INTERVIEW: "Open it and answer its questions first.",
    A.REQUEST_CHANGES: "Open it and say what should be different.",
    A.CANCEL: "Open it and say why.",
    A.PREVIEW_READY: "It moves on by itself.",
    A.APPROVE: "Open it and try it first.",
}


def why_open_it(request: ProductRequest, action: WorkflowAction) -> str | None:
    """Say why a step needs more than moving a card; None where moving it is enough."""
    if action is A.COMPLETE_DEVELOPMENT and request.turn_role is not TurnRole.DEVELOPER:
        return "It moves on by itself when the work is done."
    return _OPEN_IT.get(action)


def step_to(request: ProductRequest, to: RequestStatus, *, by: User) -> WorkflowAction:
    """Return the step by which a card gets into another column, or say why it does not get there."""
    step = next((each for each in transitions_for(by, request) if each.to is to), None)
    if step is None or to is request.status:
        raise IllegalTransition(f"#{request.number} cannot go there from where it stands.")
    if step.reason is not None:
        if step.action in _STARTS and _MAY[step.action][0](by, request):
            requests.must_not_wait(request)
        raise NotAllowed(step.reason)
    why = why_open_it(request, step.action)
    if why is not None:
        raise Conflict(f"#{request.number} does not move there on the board. {why}", code="needs_more")
    return step.action


def move_card(
    request: ProductRequest,
    to: RequestStatus,
    *,
    by: User,
    after: UUID | None = None,
    before: UUID | None = None,
) -> None:
    """Put a card where it was dropped: by the step that leads into its column, and between its neighbours."""
    moves_on = to is not request.status
    if moves_on:
        take(request, step_to(request, to, by=by), by=by, payload={})
    if not moves_on or (permissions.can_arrange(by, request) and request.status is to):
        column = (request.project_id, request.status)
        requests.arrange(
            request,
            by=by,
            after=card_in(*column, after) if after else None,
            before=card_in(*column, before) if before else None,
        )


def touch_up(request: ProductRequest, *, by: User, edits: list[Edit]) -> None:
    """Have what somebody pointed at put in: at once where they may start the work, else with one click.

    The edits say how they will be checked, so there is nothing left for the questions to ask.
    """
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can say what should change.")
    if not can_be_touched_up(request):
        raise Conflict("This cannot be changed at the moment. Reload the page to see where it stands.")
    told = "; ".join(sentence_of(edit) for edit in edits[:_TOLD_EDITS])
    more = f" and {len(edits) - _TOLD_EDITS} more" if len(edits) > _TOLD_EDITS else ""
    with transaction():
        kept = [edit.as_dict() for edit in edits]
        requests.keep_edits(request, kept, by=by, words=f"pointed at what should change: {told}{more}")
        if request.status in _ASKED:
            criteria, task = criteria_of(edits, request.title), task_of(edits, request.title)
            interviews.complete(request, by=by, gherkin=criteria, prompt=task)
    if request.status in _TRIED:  # the next round begins by itself
        reviews.request_changes(request, by=by, feedback=f"Change {told}{more}.")
    elif permissions.can_start_development(by, request) and not request.waits_for:
        development.start(request, by=by, agent="touch-up")


def can_be_touched_up(request: ProductRequest) -> bool:
    """Tell whether small changes can be put in while a request stands where it does."""
    return request.status in {*_ASKED, *_TRIED, RequestStatus.READY, RequestStatus.CHANGES_REQUESTED}


def _report_preview(request: ProductRequest, by: User, payload: Payload) -> None:
    url = str(payload.get("previewUrl", ""))
    if not url.startswith(("http://", "https://")):
        raise Invalid.field("previewUrl", "Give the preview's address, beginning with http:// or https://.")
    requests.move(request, A.PREVIEW_READY, by=by, payload={"previewUrl": url[:300]})


def _elements(payload: Payload) -> list[Any]:
    """Return what was pointed at: `elements`, or the single `element`."""
    several, one = payload.get("elements"), payload.get("element")
    return several if isinstance(several, list) else [one] if isinstance(one, dict) else []


def _places(ticked: Any) -> list[int] | None:
    return [each for each in ticked if isinstance(each, int)] if isinstance(ticked, list) else None


_STEPS: dict[WorkflowAction, Callable[[ProductRequest, User, Payload], object]] = {
    A.START_INTERVIEW: lambda request, by, _: interviews.start(request, by=by),
    A.COMPLETE_INTERVIEW: lambda request, by, payload: interviews.complete(
        request, by=by, gherkin=payload.get("gherkinCriteria"), prompt=payload.get("agentPrompt")
    ),
    A.RESET_INTERVIEW: lambda request, by, _: interviews.reset(request, by=by),
    A.ALLOW_DEVELOPMENT: lambda request, by, _: requests.allow_development(request, by=by),
    A.START_DEVELOPMENT: lambda request, by, payload: development.start(
        request, by=by, agent=payload.get("agent")
    ),
    A.COMPLETE_DEVELOPMENT: lambda request, by, _: development.finish_by_hand(request, by=by),
    A.PREVIEW_READY: _report_preview,
    A.APPROVE: lambda request, by, payload: reviews.approve(
        request,
        by=by,
        commit=str(payload.get("commitSha") or request.commit_sha or ""),
        ticked=_places(payload.get("ticked")),
    ),
    A.REQUEST_CHANGES: lambda request, by, payload: reviews.request_changes(
        request, by=by, feedback=str(payload.get("feedback", "")), elements=_elements(payload)
    ),
    A.CREATE_PR: lambda request, by, payload: reviews.create_pull_request(
        request, by=by, title=payload.get("title"), body=payload.get("body")
    ),
    A.MERGE: lambda request, by, _: reviews.merge(request, by=by),
    A.CLOSE_PR: lambda request, by, _: reviews.close_pull_request(request, by=by),
    A.CANCEL: lambda request, by, payload: requests.drop(
        request, by=by, reason=str(payload.get("reason", ""))
    ),
    A.REOPEN: lambda request, by, _: requests.reopen(request, by=by),
}
