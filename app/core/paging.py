"""Pages of a list."""

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from app.core.db import session

Row = TypeVar("Row")
LARGEST_PAGE = 100


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list, with how many there are in all."""

    items: list[Row]
    page: int
    limit: int
    total: int
    more: dict[str, Any] = field(default_factory=dict)
    """What else a list says of itself, such as where its next page begins."""

    @property
    def total_pages(self) -> int:
        return max(1, ceil(self.total / self.limit))

    @property
    def meta(self) -> dict[str, Any]:
        known = {"page": self.page, "limit": self.limit, "total": self.total, "totalPages": self.total_pages}
        return known | self.more


def from_cursor(query: Select[Any], key: Any, *, before: Any = None, after: Any = None) -> Select[Any]:
    """Leave what lies before or after a row; unlike a page by number it stays where it is when rows come."""
    if before is not None:
        query = query.where(key < before)
    return query if after is None else query.where(key > after)


def with_cursor(page: Page[Any]) -> Page[Any]:
    """Name the row behind which the next page begins, None at the end."""
    has_more = page.page < page.total_pages
    return replace(page, more={"nextCursor": str(page.items[-1].id) if has_more and page.items else None})


def paginate(query: Select[Any], *, page: int = 1, limit: int = 20) -> Page[Any]:
    """Read page `page` (from 1) of `query`, at most 100 rows."""
    page, limit = max(1, page), min(max(1, limit), LARGEST_PAGE)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.scalars(query.limit(limit).offset((page - 1) * limit)).unique().all()
    return Page(items=list(rows), page=page, limit=limit, total=total)
