"""Requests that wait for others: said, taken back, and over by itself."""

from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.organizations.models import Organization
from app.projects.models import Access
from app.requests import notices, permissions, queries
from app.requests.models import ActivityType, ProductRequest, RequestStatus, WorkflowAction
from app.requests.operations.feed import record
from app.requests.operations.turns import pass_turn

MOST_BLOCKERS = 20


def wait_for(request: ProductRequest, blocker: ProductRequest, *, by: User) -> None:
    """Hold the start of a request back until another one is merged or dropped."""
    _may_hold(by, request)
    if not request.may_wait:
        raise Conflict("The work on this has begun, so there is no start to hold back.")
    if blocker.organization_id != request.organization_id:
        raise Invalid.field("requestId", "There is no such request in this organization.")
    with transaction():
        _must_be_open(request, blocker)
        _must_be_no_circle(request, blocker)
        if blocker in request.blockers:
            return
        if len(request.blockers) >= MOST_BLOCKERS:
            raise Conflict(f"A request waits for at most {MOST_BLOCKERS} others. Take one away first.")
        request.blockers.append(blocker)
        pass_turn(request)
        payload = {"waitsFor": str(blocker.id)}
        words = f"made this wait for {called(request, blocker)}"
        record(request, ActivityType.SYSTEM, words, by=by, payload=payload)


def stop_waiting(request: ProductRequest, blocker: ProductRequest, *, by: User) -> None:
    """Let a request start without waiting for another one any longer."""
    _may_hold(by, request)
    with transaction():
        if blocker in request.blockers:
            _let_go(request, blocker)
            words = f"let this start without {called(request, blocker)}"
            record(request, ActivityType.SYSTEM, words, by=by)


def must_not_wait(request: ProductRequest) -> None:
    """Refuse to start what waits for something, and name that."""
    if request.waits_for:
        raise Conflict(why_it_waits(request), code="blocked")


def why_it_waits(request: ProductRequest) -> str:
    """Say what holds the start of a request back."""
    names = " and ".join(called(request, each) for each in request.waits_for)
    return f"It waits for {names}. Once that is merged or dropped, the work can start."


def follow_blocker(blocker: ProductRequest, action: WorkflowAction) -> None:
    """Hear that a request moved: once it is over, nothing waits for it any longer."""
    if action not in {WorkflowAction.MERGE, WorkflowAction.CANCEL}:
        return
    became = "merged" if blocker.status is RequestStatus.MERGED else "dropped"
    with transaction():
        for request in queries.waiting_for_request(blocker):
            _let_go(request, blocker)
            said = f"{called(request, blocker)} was {became}: this no longer waits for it."
            record(request, ActivityType.SYSTEM, said, by=None, payload={"waitedFor": str(blocker.id)})
            if not request.is_over:
                notices.tell_of_wait_over(request, said)


def hand_on(blocker: ProductRequest, *, to: ProductRequest) -> None:
    """Let what waited for a request wait for the one that it is the same as, where that is not over."""
    waits = queries.waits_in(blocker.organization_id)
    for request in [] if to.is_over else queries.waiting_for_request(blocker):
        if to not in request.blockers and _way(waits, to.id, request.id) is None:
            request.blockers.append(to)
            payload = {"waitsFor": str(to.id)}
            said = (
                f"{called(request, blocker)} is the same as {called(request, to)}: this waits for that now."
            )
            record(request, ActivityType.SYSTEM, said, by=None, payload=payload)


def called(request: ProductRequest, other: ProductRequest) -> str:
    """Name a request beside another one; what not everybody sees keeps its number to itself."""
    if other.project_id == request.project_id:
        return f"#{other.number}"
    if other.project.access is Access.ORGANIZATION:
        return f"{other.project.slug}#{other.number}"
    return "a request of another project"


def _may_hold(by: User, request: ProductRequest) -> None:
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, says what it waits for.")


def _let_go(request: ProductRequest, blocker: ProductRequest) -> None:
    request.blockers.remove(blocker)
    pass_turn(request)


def _must_be_open(request: ProductRequest, blocker: ProductRequest) -> None:
    """Refuse to wait for what is over; it does not end before this is written."""
    here = ProductRequest.id == blocker.id
    status = session.scalar(select(ProductRequest.status).where(here).with_for_update())
    if status in {RequestStatus.MERGED, RequestStatus.CANCELLED}:
        raise Conflict(f"{called(request, blocker)} is over already, so there is nothing to wait for.")


def _must_be_no_circle(request: ProductRequest, blocker: ProductRequest) -> None:
    """Refuse what would wait for itself in the end; of two who say the opposite at once, the first holds."""
    here = Organization.id == request.organization_id
    session.execute(select(Organization.id).where(here).with_for_update())
    circle = _way(queries.waits_in(request.organization_id), blocker.id, request.id)
    if circle is None:
        return
    names = [called(request, session.get_one(ProductRequest, each)) for each in (request.id, *circle)]
    steps = ", ".join(f"{first} waits for {then}" for first, then in pairwise(names))
    raise Conflict(
        f"That would go round in a circle: {steps}. Nothing of it could ever start.", code="circle"
    )


def _way(waits: dict[UUID, list[UUID]], begin: UUID, end: UUID) -> list[UUID] | None:
    """Return how one request leads to another by what each waits for, both ends included."""
    ways, seen = [[begin]], {begin}
    while ways:
        way = ways.pop(0)
        if way[-1] == end:
            return way
        for following in waits.get(way[-1], []):
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return None
