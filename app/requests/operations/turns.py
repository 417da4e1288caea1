"""Whose turn it is, and since when."""

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import transaction
from app.core.holding import hold
from app.projects.models import StartPolicy
from app.projects.queries import approver_of
from app.requests.models import Delivery, ProductRequest, RequestStatus, TurnRole

_STARTABLE = frozenset({RequestStatus.READY, RequestStatus.CHANGES_REQUESTED})


def pass_turn(request: ProductRequest) -> None:
    """Say whose turn it is now; the waiting counts from when it became theirs."""
    role, person = _turn(request)
    if (role, person) != (request.turn_role, request.turn_user):
        request.turn_role, request.turn_user, request.turn_since = role, person, now()
    changed(str(request.id))
    changed(f"board:{request.project_id}")


def _turn(request: ProductRequest) -> tuple[TurnRole, User | None]:
    developer = (TurnRole.DEVELOPER, request.assignee)
    requester = (TurnRole.REQUESTER, request.requester)
    if request.needs_sorting and not request.is_over:
        return TurnRole.DEVELOPER, None
    if request.waits_for and request.status in _STARTABLE:
        return TurnRole.NOBODY, None
    if request.status is RequestStatus.READY:
        return _turn_to_start(request)
    return {
        RequestStatus.DRAFT: requester,
        RequestStatus.INTERVIEWING: requester,
        RequestStatus.IN_DEVELOPMENT: (TurnRole.SYSTEM, None),
        RequestStatus.IN_REVIEW: developer if request.is_accepted else requester,
        RequestStatus.CHANGES_REQUESTED: developer,
        RequestStatus.PR_OPEN: developer,
        RequestStatus.MERGED: _turn_of_merged(request),
        RequestStatus.CANCELLED: (TurnRole.NOBODY, None),
    }[request.status]


def _turn_of_merged(request: ProductRequest) -> tuple[TurnRole, User | None]:
    if request.delivery is Delivery.LIVE:
        return TurnRole.NOBODY, None
    if request.delivery is Delivery.UNDER_WAY:
        return TurnRole.SYSTEM, None
    return TurnRole.DEVELOPER, request.assignee


def _turn_to_start(request: ProductRequest) -> tuple[TurnRole, User | None]:
    """Say whose turn it is before the work: what failed once is looked at by a developer."""
    if request.needs_yes:
        return TurnRole.APPROVER, approver_of(request.project)
    has_begun = request.branch_name is not None
    if request.project.start_policy is StartPolicy.REQUESTER and not has_begun:
        return TurnRole.REQUESTER, request.requester
    return TurnRole.DEVELOPER, request.assignee


def hand_to(request: ProductRequest, person: User | None) -> None:
    """Say that it is a developer's turn while the work waits for a person."""
    with transaction():
        hold(request)
        request.turn_role, request.turn_user, request.turn_since = TurnRole.DEVELOPER, person, now()
        changed(str(request.id))
