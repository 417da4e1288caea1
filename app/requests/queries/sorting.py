"""By what requests can be ordered."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, select

from app.requests.models import ProductRequest, RequestPriority, Vote


class Sort(StrEnum):
    """By what a list is ordered; a `-` turns it round."""

    POSITION = "position"
    POSITION_LAST = "-position"
    CREATED = "created"
    CREATED_LAST = "-created"
    UPDATED = "updated"
    UPDATED_LAST = "-updated"
    PRIORITY = "priority"
    PRIORITY_LAST = "-priority"
    VOTES = "votes"
    VOTES_LAST = "-votes"

    @property
    def key(self) -> str:
        return self.value.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        return self.value.startswith("-")


_COLUMNS: Mapping[str, Callable[[], Any]] = {
    "position": lambda: ProductRequest.position,
    "created": lambda: ProductRequest.created_at,
    "updated": lambda: ProductRequest.updated_at,
    "priority": lambda: case(
        {priority: rank for rank, priority in enumerate(RequestPriority)}, value=ProductRequest.priority
    ),
    "votes": lambda: (
        select(func.count())
        .select_from(Vote)
        .where(Vote.request_id == ProductRequest.id)
        .correlate(ProductRequest)
        .scalar_subquery()
    ),
}


def ordered(query: Select[ProductRequest], sort: Sort) -> Select[ProductRequest]:
    """Put requests in an order that is the same each time: what is equal stands newest first."""
    column = _COLUMNS[sort.key]()
    return query.order_by(None).order_by(
        column.desc() if sort.is_descending else column.asc(), ProductRequest.number.desc()
    )
