"""The language that lists of the app interface are asked in: filters, orders and cursors.

A list declares its fields and relations by the names that programs know; nothing else can be asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.apps.queries.filters import Expression, Field, Filter, Relation, Unreadable, named, read_json
from app.apps.queries.ordering import Key, Ordering
from app.core.db import session

_MOST_KEYS = 6


@dataclass(frozen=True)
class Listed:
    """A list that can be asked in this language; `name` is what its cursors are signed for."""

    name: str
    id: InstrumentedAttribute[Any]
    fields: Mapping[str, Field]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    order: Sequence[tuple[str, str]] = (("createdAt", "desc"),)


@dataclass(frozen=True)
class Slice:
    """A part of a list, with what lies on both of its sides."""

    rows: list[Any]
    total: int
    has_next: bool
    has_previous: bool
    start: str | None
    end: str | None

    @property
    def page_info(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "hasNextPage": self.has_next,
            "hasPreviousPage": self.has_previous,
            "startCursor": self.start,
            "endCursor": self.end,
        }


def part_of(
    query: Select[Any],
    listed: Listed,
    *,
    limit: int,
    after: str | None = None,
    before: str | None = None,
    ids: Sequence[str] = (),
    filter: str | None = None,  # noqa: A002 - the contract's name
    order_by: str | None = None,
) -> Slice:
    """Read the part of a list that a program asks for; what holds for the list holds for each part of it."""
    if ids:
        query = query.where(listed.id.in_(ids))
    if filter:
        query = query.where(Filter(listed.fields, listed.relations).condition(read_json(filter, "filter")))
    ordering = ordering_of(listed, order_by)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    part = query.order_by(None)
    if after is not None:
        part = part.where(ordering.beyond(ordering.read(after)))
    if before is not None:
        part = part.where(ordering.short_of(ordering.read(before)))
    backwards = before is not None and after is None
    found = list(
        session.scalars(part.order_by(*ordering.clauses(backwards=backwards)).limit(limit + 1)).unique()
    )
    has_more, rows = len(found) > limit, found[:limit]
    if backwards:
        rows.reverse()
    start, end = (ordering.mark(rows[0]), ordering.mark(rows[-1])) if rows else (None, None)
    lies_behind = has_more if backwards else _exists(query, start and ordering.short_of(ordering.read(start)))
    lies_ahead = has_more if not backwards else _exists(query, end and ordering.beyond(ordering.read(end)))
    return Slice(rows, total, lies_ahead, lies_behind, start, end)


def without_deleted(query: Select[Any], deleted_at: Expression, asked: str) -> Select[Any]:
    """Leave out what is deleted, unless it is asked for (`true`) or nothing else is (`only`)."""
    if asked == "true":
        return query
    return query.where(deleted_at.is_not(None) if asked == "only" else deleted_at.is_(None))


def _exists(query: Select[Any], condition: ColumnElement[bool] | str | None) -> bool:
    if condition is None or isinstance(condition, str):
        return False
    return session.scalars(query.order_by(None).where(condition).limit(1)).unique().first() is not None


def ordering_of(listed: Listed, order: str | None) -> Ordering:
    """Read `[{"field": "direction"}]`; the list's own order where nothing is asked for."""
    asked = list(listed.order) if not order else [_one_order(each) for each in _orders(order)]
    keys = []
    for name, direction in asked:
        known = listed.fields.get(name)
        if known is None:
            raise Unreadable(f"There is no field {name!r} to order by. There are {named(listed.fields)}.")
        keys.append(Key(name, known, direction))
    return Ordering(listed.name, keys, listed.id)


def _orders(order: str) -> list[Any]:
    asked = read_json(order, "orderBy")
    asked = [asked] if isinstance(asked, dict) else asked
    if not isinstance(asked, list) or not asked or len(asked) > _MOST_KEYS:
        raise Unreadable('`orderBy` is a list such as [{"createdAt": "desc"}], of six fields at most.')
    return asked


def _one_order(each: Any) -> tuple[str, str]:
    if not isinstance(each, dict) or len(each) != 1:
        raise Unreadable('Each part of `orderBy` names one field, such as {"name": "asc"}.')
    ((name, direction),) = each.items()
    if direction not in Key.DIRECTIONS:
        raise Unreadable(f"There is no direction {direction!r}. There are {', '.join(Key.DIRECTIONS)}.")
    return name, direction
