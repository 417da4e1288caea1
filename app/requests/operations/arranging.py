"""The order of a column, by hand."""

from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import NotAllowed
from app.projects.models import Project
from app.requests import permissions, queries
from app.requests.models import ProductRequest

_NARROW = 1e-6


class Place(StrEnum):
    """Where in its column a card is put, seen from where it stands."""

    TOP = "top"
    UP = "up"
    DOWN = "down"
    BOTTOM = "bottom"


def arrange(
    request: ProductRequest, *, by: User, after: ProductRequest | None, before: ProductRequest | None
) -> None:
    """Put a card right after another of its column, or right before one."""
    _may_arrange(by, request)
    with transaction():
        others = _others(request)
        ids = [request_id for request_id, _ in others]
        if after is not None and after.id in ids:
            _put(request, others, ids.index(after.id) + 1)
        elif before is not None and before.id in ids:
            _put(request, others, ids.index(before.id))


def shift(request: ProductRequest, *, by: User, to: Place) -> None:
    """Put a card one up or down in its column, or at one of its ends."""
    _may_arrange(by, request)
    with transaction():
        others = _others(request)
        here = queries.place_in_column(request)
        index = {Place.TOP: 0, Place.UP: here - 1, Place.DOWN: here + 1, Place.BOTTOM: len(others)}[to]
        _put(request, others, min(max(index, 0), len(others)))


def _may_arrange(by: User, request: ProductRequest) -> None:
    if not permissions.can_arrange(by, request):
        raise NotAllowed("Only developers and admins order the board.")


def _others(request: ProductRequest) -> list[tuple[Any, float]]:
    """Return the other cards of the column as they stand; nobody else orders this board meanwhile."""
    session.execute(select(Project.id).where(Project.id == request.project_id).with_for_update())
    return [row for row in queries.column_of(request) if row[0] != request.id]


def _put(request: ProductRequest, others: list[tuple[Any, float]], index: int) -> None:
    low = others[index - 1][1] if index > 0 else None
    high = others[index][1] if index < len(others) else None
    if low is not None and high is not None and high - low < _NARROW:
        others = _spread(others)
        low, high = others[index - 1][1], others[index][1]
    if low is not None and high is not None:
        request.position = (low + high) / 2
    elif low is not None or high is not None:
        request.position = low + 1.0 if low is not None else (high or 0.0) - 1.0
    changed(f"board:{request.project_id}")


def _spread(others: list[tuple[Any, float]]) -> list[tuple[Any, float]]:
    """Give the cards of a column room between them again, where halving used it up."""
    spread = [(request_id, float(place)) for place, (request_id, _) in enumerate(others)]
    session.connection().execute(
        update(ProductRequest)
        .where(ProductRequest.id == bindparam("card"))
        .values(position=bindparam("place"), updated_at=ProductRequest.updated_at),
        [{"card": request_id, "place": place} for request_id, place in spread],
    )
    return spread
