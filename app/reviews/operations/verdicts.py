"""Judging what can be tried: accepting one commit, or saying what should be different."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.gherkin import scenarios_of
from app.core.holding import hold
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import (
    ActivityType,
    Attachment,
    ProductRequest,
    RequestStatus,
    WorkflowAction,
)
from app.requests.pins import clean_pins
from app.requests.queries import activity_of_type
from app.reviews import permissions
from app.reviews.operations.threads import open_remarks

LONGEST_FEEDBACK = 5_000
_LONGEST_ELEMENT = 300
_SHORTEST_NAME = 7


def approve(request: ProductRequest, *, by: User, commit: str, ticked: Collection[int] | None = None) -> None:
    """Accept one commit of a request's branch; a later one is not accepted by it.

    `ticked` are the places of the scenarios that were checked, where somebody was asked; it is written down.
    """
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
        hold(request)
        if request.status is RequestStatus.IN_REVIEW and request.approved_commit == tip:
            return  # pressed twice
        payload = {"commitSha": tip, **_checked_by_hand(request, ticked)}
        requests.move(request, WorkflowAction.APPROVE, by=by, payload=payload)


def _checked_by_hand(request: ProductRequest, ticked: Collection[int] | None) -> dict[str, list[str]]:
    scenarios = scenarios_of(request.gherkin_criteria or "")
    if ticked is None or not scenarios:
        return {}
    return {
        "ticked": [each.name for place, each in enumerate(scenarios) if place in ticked],
        "unticked": [each.name for place, each in enumerate(scenarios) if place not in ticked],
    }


def request_changes(
    request: ProductRequest,
    *,
    by: User,
    feedback: str,
    element: Mapping[str, str] | None = None,
    elements: Sequence[Mapping[str, Any]] = (),
    attachments: Collection[Attachment] = (),
) -> None:
    """Say what should be different; `elements` are what was pointed at, each with its note.

    They are texts from a page that nobody vouches for; a single `element` is taken as well.
    """
    if not permissions.can_request_changes(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can ask for changes.")
    if len(feedback) > LONGEST_FEEDBACK:
        raise Invalid.field("feedback", f"Say it in at most {LONGEST_FEEDBACK} characters.", type="too_long")
    pointed = {name: text[:_LONGEST_ELEMENT] for name, text in (element or {}).items() if text.strip()}
    pins = clean_pins(elements)
    payload = {
        "feedback": feedback.strip() or "\n".join(pin["note"] for pin in pins if "note" in pin),
        "element": pointed or None,
        "elements": pins or None,
        "remarks": open_remarks(request) or None,
        "commitSha": request.commit_sha,
    }
    with transaction():
        requests.move(request, WorkflowAction.REQUEST_CHANGES, by=by, payload=payload)
        session.flush()  # its files refer to it
        said = session.scalars(activity_of_type(request, ActivityType.REVIEW)).first()
        requests.give(request, attachments, by=by, to=said)


def tip_of(request: ProductRequest) -> str | None:
    """Return where the branch stands in git; what was missed of it is made up for."""
    tip = repository_of(request.project).head(request.working_branch)
    if tip is not None and tip != request.commit_sha and request.status is RequestStatus.IN_REVIEW:
        requests.note_commit(request, commit=tip)
    return tip
