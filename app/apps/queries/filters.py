"""Filters: JSON as a condition of the database, with the fields and relations that a list declares."""

import enum
import json
import operator as compare
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, literal, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.core.errors import DomainError

OPERATORS = (
    *("eq", "neq", "in", "notIn", "contains", "startsWith", "endsWith"),
    *("lt", "lte", "gt", "gte", "isNull"),
)
_COMPARED: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": compare.eq,
    "lt": compare.lt,
    "lte": compare.le,
    "gt": compare.gt,
    "gte": compare.ge,
}
_DEEPEST, _MOST_CONDITIONS, _MOST_CHOICES = 6, 50, 200

Expression = ColumnElement[Any] | InstrumentedAttribute[Any]


class Unreadable(DomainError):
    """A list was asked for in words that it does not know; the message names those it does."""

    type = "bad_listing"


@dataclass(frozen=True)
class Field:
    """Something a list is filtered and ordered by: where it is kept, and what kind of value it has."""

    expression: Expression
    kind: type = str
    nullable: bool = False

    def read(self, value: Any, name: str) -> Any:
        """Return a value as the database knows it; 400 for one of another kind."""
        found = self._read(value)
        if found is None:
            raise Unreadable(f"{value!r} is no value of {name}: {self._words()} is expected.")
        return found

    def _read(self, value: Any) -> Any:
        try:
            if self.kind is bool or self.kind is int:
                return value if type(value) is self.kind else None
            if not isinstance(value, str) or "\0" in value:
                return None
            if self.kind is datetime:
                moment = datetime.fromisoformat(value)
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            return self.kind(value)
        except (ValueError, OverflowError):
            return None

    def _words(self) -> str:
        if issubclass(self.kind, enum.Enum):
            return f"one of {', '.join(str(member.value) for member in self.kind)}"
        known = {
            bool: "true or false",
            int: "a whole number",
            datetime: "a moment as in 2026-01-31T12:00:00Z",
        }
        return known.get(self.kind, "an id" if self.kind is UUID else "a text")


@dataclass(frozen=True)
class Relation:
    """What belongs to a row: a table, under a name of its own, and how the two belong together."""

    table: FromClause | Any
    on: ColumnElement[bool]
    fields: Mapping[str, Field]


class Filter:
    """Turns what was asked into a condition, a part at a time, and counts what it was asked for."""

    def __init__(self, fields: Mapping[str, Field], relations: Mapping[str, Relation]) -> None:
        self._fields = fields
        self._relations = relations
        self._conditions = 0

    def condition(self, asked: Any, depth: int = 0) -> ColumnElement[bool]:
        if not isinstance(asked, dict):
            raise Unreadable('A filter is an object such as {"name": {"contains": "shop"}}.')
        if depth > _DEEPEST:
            raise Unreadable(f"This filter is nested more than {_DEEPEST} deep.")
        return and_(true(), *(self._part(name, said, depth) for name, said in asked.items()))

    def _part(self, name: str, said: Any, depth: int) -> ColumnElement[bool]:
        if name in {"AND", "OR"}:
            if not isinstance(said, list):
                raise Unreadable(f"{name} holds a list of filters.")
            parts = [self.condition(each, depth + 1) for each in said]
            return and_(true(), *parts) if name == "AND" else or_(false(), *parts)
        if name == "NOT":
            return not_(self.condition(said, depth + 1))
        if name in self._relations:
            return self._related(name, self._relations[name], said)
        return self._compared(name, self._fields, said)

    def _related(self, name: str, relation: Relation, said: Any) -> ColumnElement[bool]:
        if not isinstance(said, dict):
            raise Unreadable(f'{name} is filtered by its own fields, such as {{"name": {{"eq": "main"}}}}.')
        parts = [self._compared(each, relation.fields, value) for each, value in said.items()]
        return exists(select(1).select_from(relation.table).where(relation.on, *parts))

    def _compared(self, name: str, fields: Mapping[str, Field], said: Any) -> ColumnElement[bool]:
        known = fields.get(name)
        if known is None:
            names = {*fields, *(self._relations if fields is self._fields else ())}
            raise Unreadable(f"There is no field {name!r} to filter by. There are {named(names)}.")
        if not isinstance(said, dict):
            said = {"eq": said} if said is not None else {"isNull": True}
        return and_(true(), *(self._operator(name, known, each, value) for each, value in said.items()))

    def _operator(self, name: str, known: Field, operator: str, value: Any) -> ColumnElement[bool]:
        self._conditions += 1
        if self._conditions > _MOST_CONDITIONS:
            raise Unreadable(f"This filter has more than {_MOST_CONDITIONS} conditions.")
        if operator not in OPERATORS:
            raise Unreadable(f"There is no operator {operator!r}. There are {', '.join(OPERATORS)}.")
        if operator == "isNull" or (value is None and operator in {"eq", "neq"}):
            return _is_null(known, name, operator, value)
        if operator in {"in", "notIn"}:
            return _is_one_of(known, name, operator, value)
        if operator in {"contains", "startsWith", "endsWith"}:
            return _holds_text(known, name, operator, value)
        return _stands_to(known.expression, operator, known.read(value, name))


def _is_null(known: Field, name: str, operator: str, value: Any) -> ColumnElement[bool]:
    if operator == "isNull" and not isinstance(value, bool):
        raise Unreadable(f"isNull of {name} is true or false.")
    wanted = value if operator == "isNull" else operator == "eq"
    return known.expression.is_(None) if wanted else known.expression.is_not(None)


def _is_one_of(known: Field, name: str, operator: str, value: Any) -> ColumnElement[bool]:
    if not isinstance(value, list) or len(value) > _MOST_CHOICES:
        raise Unreadable(f"{operator} of {name} is a list of at most {_MOST_CHOICES} values.")
    choices = known.expression.in_([known.read(each, name) for each in value])
    return choices if operator == "in" else or_(not_(choices), known.expression.is_(None))


def _holds_text(known: Field, name: str, operator: str, value: Any) -> ColumnElement[bool]:
    if known.kind is not str or not isinstance(value, str):
        raise Unreadable(f"{operator} compares texts; {name} is none, or {value!r} is not.")
    text = known.read(value, name)
    if operator == "contains":
        return known.expression.icontains(text, autoescape=True)
    if operator == "startsWith":
        return known.expression.istartswith(text, autoescape=True)
    return known.expression.iendswith(text, autoescape=True)


def _stands_to(expression: Expression, operator: str, value: Any) -> ColumnElement[bool]:
    given = literal(value, expression.type)
    if operator == "neq":
        return or_(expression != given, expression.is_(None))
    return _COMPARED[operator](expression, given)


def read_json(text: str, name: str) -> Any:
    """Read a part of the address that is JSON; 400 for one that is not."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(f"`{name}` is not valid JSON.") from None


def named(names: Iterable[str]) -> str:
    """Write the names that are known, for somebody who used another."""
    return ", ".join(sorted(names))
