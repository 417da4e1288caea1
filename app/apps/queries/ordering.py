"""The order of a list, and the cursors that say where in it somebody is."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from sqlalchemy import ColumnElement, and_, case, false, literal, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.errors import DomainError
from app.core.secrets import sign, verify

_SECONDS = 30 * 86_400


class Ordered(Protocol):
    """A field, as far as an order has to know it."""

    @property
    def expression(self) -> ColumnElement[Any] | InstrumentedAttribute[Any]: ...
    @property
    def nullable(self) -> bool: ...
    def read(self, value: Any, name: str) -> Any: ...


class ForeignCursor(DomainError):
    """A cursor that is not of this list in this order."""

    type = "foreign_cursor"

    def __init__(self) -> None:
        super().__init__(
            "This cursor is not one of this list in this order. Take `startCursor` or `endCursor` of an "
            "answer to the same question, or begin without one."
        )


@dataclass(frozen=True)
class Key:
    """One field of an order. Without saying so, nulls are last upwards and first downwards."""

    DIRECTIONS: ClassVar[tuple[str, ...]] = (
        *("asc", "desc", "asc_nulls_first", "asc_nulls_last"),
        *("desc_nulls_first", "desc_nulls_last"),
    )

    name: str
    field: Ordered
    direction: str

    @property
    def is_down(self) -> bool:
        return self.direction.startswith("desc")

    @property
    def has_nulls_first(self) -> bool:
        return self.direction.endswith("first") or self.direction == "desc"

    @property
    def rank(self) -> ColumnElement[int]:
        """Where a row stands for having a value, or having none."""
        return case((self.field.expression.is_(None), 0 if self.has_nulls_first else 1), else_=self._valued)

    @property
    def _valued(self) -> int:
        return 1 if self.has_nulls_first else 0

    def clauses(self, *, backwards: bool) -> list[Any]:
        turned = self.is_down != backwards
        value = self.field.expression.desc() if turned else self.field.expression.asc()
        if not self.field.nullable:
            return [value]
        return [self.rank.desc() if backwards else self.rank.asc(), value]

    def same(self, value: Any) -> ColumnElement[bool]:
        """The rows that have this very value."""
        if value is None:
            return self.field.expression.is_(None)
        return self.field.expression == literal(value, self.field.expression.type)

    def beyond(self, value: Any, *, backwards: bool) -> ColumnElement[bool]:
        """The rows that come later than a value, or earlier."""
        expression = self.field.expression
        rank = (self._valued if value is not None else 1 - self._valued) if self.field.nullable else None
        parts: list[ColumnElement[bool]] = []
        if rank is not None:
            parts.append(self.rank < rank if backwards else self.rank > rank)
        if value is not None:
            given = literal(value, expression.type)
            parts.append(expression < given if self.is_down != backwards else expression > given)
        return or_(false(), *parts)


class Ordering:
    """The whole order of a list; the id comes last, so that no two rows stand at one place."""

    def __init__(self, name: str, keys: Sequence[Key], id: InstrumentedAttribute[Any]) -> None:  # noqa: A002
        self._name = name
        self._keys = list(keys)
        self._id = id
        self._words = [f"{key.name} {key.direction}" for key in self._keys]
        self._is_down = bool(self._keys) and self._keys[0].is_down

    def clauses(self, *, backwards: bool) -> list[Any]:
        """Return what to order by, the other way round where the list is read from its end."""
        found = [clause for key in self._keys for clause in key.clauses(backwards=backwards)]
        return [*found, self._id.desc() if self._is_down != backwards else self._id.asc()]

    def beyond(self, place: list[Any]) -> ColumnElement[bool]:
        """Return the condition of the rows after a place."""
        return self._side(place, backwards=False)

    def short_of(self, place: list[Any]) -> ColumnElement[bool]:
        """Return the condition of the rows before a place."""
        return self._side(place, backwards=True)

    def _side(self, place: list[Any], *, backwards: bool) -> ColumnElement[bool]:
        *values, last = place
        same: list[ColumnElement[bool]] = []
        sides: list[ColumnElement[bool]] = []
        for key, value in zip(self._keys, values, strict=True):
            sides.append(and_(*same, key.beyond(value, backwards=backwards)))
            same.append(key.same(value))
        tie = self._id < last if self._is_down != backwards else self._id > last
        return or_(*sides, and_(*same, tie))

    def mark(self, row: Any) -> str:
        """Write the cursor of a row."""
        values = [_written(_value_of(row, key)) for key in self._keys]
        claims = {"l": self._name, "o": self._words, "v": [*values, _written(getattr(row, self._id.key))]}
        return sign("list cursor", claims, seconds=_SECONDS)

    def read(self, cursor: str) -> list[Any]:
        """Return the place that a cursor of this list in this order names; 400 for any other."""
        claims = verify("list cursor", cursor)
        if claims is None or (claims.get("l"), claims.get("o")) != (self._name, self._words):
            raise ForeignCursor
        *values, last = claims["v"]
        read = [
            None if value is None else key.field.read(value, key.name)
            for key, value in zip(self._keys, values, strict=True)
        ]
        return [*read, last]


def _value_of(row: Any, key: Key) -> Any:
    """Return a row's own value of a field; what is computed in a query has an attribute of its name."""
    return getattr(row, getattr(key.field.expression, "key", None) or key.name)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, enum.Enum) or value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
