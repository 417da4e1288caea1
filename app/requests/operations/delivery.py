"""How far a merged request is on its way to those who use the app."""

from datetime import datetime

from app.accounts.models import User
from app.core.db import transaction
from app.notifications.models import Kind
from app.notifications.operations import settle, tell
from app.requests import queries
from app.requests.models import ActivityType, Delivery, ProductRequest
from app.requests.operations.feed import record
from app.requests.operations.turns import pass_turn


def note_live(request: ProductRequest, *, at: datetime, url: str) -> None:
    """Say that a merged request is live, and tell those who waited for it."""
    with transaction():
        if request.delivery is Delivery.LIVE:
            return
        _deliver(request, Delivery.LIVE, at=at)
        _record(request, "It is live.", by=None, url=url)
        settle(request.id)
        tell(
            [*queries.askers_of(request), *([request.assignee] if request.assignee is not None else [])],
            organization_id=request.organization_id,
            kind=Kind.LIVE,
            text=f"#{request.number} {request.title} is live.",
            path=request.path,
            subject_id=request.id,
        )


def note_under_way(request: ProductRequest) -> None:
    """Say that a merged request is being put live."""
    if request.delivery is not Delivery.UNDER_WAY:
        with transaction():
            _deliver(request, Delivery.UNDER_WAY)


def note_failed(request: ProductRequest, *, reason: str) -> None:
    """Say that a merged request could not be put live, and why."""
    if request.delivery is not Delivery.FAILED:
        with transaction():
            _deliver(request, Delivery.FAILED)
            _record(request, "It did not go live.", by=None, reason=reason)


def note_held(request: ProductRequest, *, by: User | None = None) -> None:
    """Say that a merged request is not live, and that nothing puts it there by itself."""
    before = request.delivery
    if before is Delivery.HELD:
        return
    with transaction():
        _deliver(request, Delivery.HELD)
        if before is Delivery.LIVE:
            words = "put an earlier version live, without this" if by else "It is not live any more."
            _record(request, words, by=by)
        elif before is Delivery.UNDER_WAY:
            _record(request, "Putting it live was stopped.", by=None)


def _deliver(request: ProductRequest, to: Delivery, *, at: datetime | None = None) -> None:
    request.delivery, request.live_at = to, at
    pass_turn(request)


def _record(request: ProductRequest, words: str, *, by: User | None, **more: str) -> None:
    details = {"delivery": str(request.delivery), "commitSha": request.merged_commit, **more}
    record(request, ActivityType.STATUS_CHANGE, words, by=by, payload=details)
