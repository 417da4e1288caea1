"""Requests that turn out to be the same as another one."""

from sqlalchemy import delete

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.requests import permissions, queries
from app.requests.models import ActivityType, ProductRequest, RequestStatus, Vote, WorkflowAction
from app.requests.operations.feed import record
from app.requests.operations.road import move
from app.requests.operations.waits import hand_on


def merge_into(request: ProductRequest, other: ProductRequest, *, by: User) -> None:
    """Say that a request is the same as another one, which goes on with the votes of both.

    Who asked for it hears what becomes of the other one; reopening it takes all of that back.
    """
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can say that it is the same as another.")
    if other.project_id != request.project_id:
        raise Invalid.field("requestId", "There is no such request in this project.")
    if other.id == request.id:
        raise Invalid.field("requestId", "That is this request itself.")
    if other.duplicate_of is not None:
        raise Conflict(
            f"#{other.number} is itself the same as #{other.duplicate_of.number}. Name that one instead."
        )
    if other.status is RequestStatus.CANCELLED:
        raise Conflict(
            f"#{other.number} was dropped. Take it up again first, or drop this one with a reason."
        )
    with transaction():
        reason = f"It is the same as #{other.number} {other.title}."
        payload = {"reason": reason, "duplicateOfId": str(other.id)}
        hand_on(request, to=other)
        move(request, WorkflowAction.CANCEL, by=by, payload=payload)
        for each in [request, *queries.duplicates_of(request)]:
            each.duplicate_of = other
        _bring_votes(request, other)
        words = f"found #{request.number} {request.title} to be the same"
        record(other, ActivityType.SYSTEM, words, by=by, payload=_link_to(request))


def let_go_of_duplicate(request: ProductRequest, *, by: User) -> None:
    """Let a request stand on its own again; the votes that came through it go with it."""
    other = request.duplicate_of
    if other is None:
        return
    with transaction():
        request.duplicate_of = None
        session.execute(delete(Vote).where(Vote.request_id == other.id, Vote.through_id == request.id))
        words = f"found #{request.number} {request.title} to be something else after all"
        record(other, ActivityType.SYSTEM, words, by=by, payload=_link_to(request))


def _bring_votes(request: ProductRequest, other: ProductRequest) -> None:
    known = {each.user_id for each in queries.votes_of(other)}
    for each in queries.votes_of(request):
        if each.user_id not in known:
            session.add(Vote(request_id=other.id, user_id=each.user_id, through_id=request.id))


def _link_to(request: ProductRequest) -> dict[str, str]:
    return {"duplicateId": str(request.id), "url": f"{request.path}#feed"}
