"""One row as one line of JSON, and back: by the types of its table's columns, in words what is wrong."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Enum, Float, Integer, LargeBinary, String, Uuid
from sqlalchemy.types import TypeEngine

from app.archives.kinds import Kind, Row
from app.core.db import UtcDateTime
from app.core.sealed import Sealed

_LARGEST = 2**63 - 1
_DEEPEST = 50


class Unfit(Exception):
    """A line does not hold; the message says what, and the place is added by whoever reads the file."""


def write(row: Mapping[str, Any]) -> bytes:
    """Write a row as a line."""
    plain = {name: _plain(value) for name, value in row.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case UUID():
            return str(value)
        case PythonEnum():
            return value.value
    return value


def read(kind: Kind, line: bytes) -> Row:
    """Read a line as a row, with the values that its table takes; Unfit says what does not hold."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise Unfit("this is not valid JSON") from None
    if not isinstance(said, dict):
        raise Unfit("this is no object")
    names = {column.name for column in kind.columns}
    if unknown := sorted(set(said) - names):
        raise Unfit(f"`{unknown[0]}` is not known here")
    row = {column.name: _value(kind, column, said) for column in kind.columns}
    for name, form in kind.forms.items():
        if row[name] is not None and not re.fullmatch(form, row[name]):
            raise Unfit(f"`{name}` does not look like one")
    return row


def _value(kind: Kind, column: Column[Any], said: Mapping[str, Any]) -> Any:
    given = said.get(column.name)
    if given is None:
        if column.name not in said and not column.nullable:
            raise Unfit(f"`{column.name}` is missing")
        if not column.nullable:
            raise Unfit(f"`{column.name}` is empty")
        return None
    if column.name == kind.bytes_column:
        return _text(given, 64, column.name)  # the hash of the bytes; they are a file
    return _as(column.type)(given, column)


def _as(of: TypeEngine[Any]) -> Callable[[Any, Column[Any]], Any]:
    for shape, reader in _READERS:
        if isinstance(of, shape):
            return reader
    raise TypeError(f"no archive holds a {of!r}")


def _moment(given: Any, column: Column[Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise Unfit(f"`{column.name}` is no moment") from None
    if moment.tzinfo is None:
        raise Unfit(f"`{column.name}` names no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Unfit(f"`{column.name}` is in no calendar of ours") from None


def _uuid(given: Any, column: Column[Any]) -> UUID:
    try:
        return UUID(given)
    except (TypeError, ValueError, AttributeError):
        raise Unfit(f"`{column.name}` is no UUID") from None


def _member(given: Any, column: Column[Any]) -> Any:
    kind: Any = column.type
    try:
        return kind.enum_class(given)
    except ValueError:
        raise Unfit(f"`{column.name}` is none of {', '.join(kind.enums)}") from None


def _switch(given: Any, column: Column[Any]) -> bool:
    if not isinstance(given, bool):
        raise Unfit(f"`{column.name}` is neither true nor false")
    return given


def _whole(given: Any, column: Column[Any]) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) > _LARGEST:
        raise Unfit(f"`{column.name}` is no whole number that fits")
    return given


def _number(given: Any, column: Column[Any]) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not math.isfinite(given):
        raise Unfit(f"`{column.name}` is no number")
    return float(given)


def _string(given: Any, column: Column[Any]) -> str:
    return _text(given, getattr(column.type, "length", None), column.name)


def _text(given: Any, longest: int | None, name: str) -> str:
    if not isinstance(given, str):
        raise Unfit(f"`{name}` is no text")
    if longest is not None and len(given) > longest:
        raise Unfit(f"`{name}` is longer than {longest} characters")
    _must_be_kept(given, name)
    return given


def _anything(given: Any, column: Column[Any]) -> Any:
    _look_through(given, column.name, 0)
    return given


def _look_through(given: Any, name: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise Unfit(f"`{name}` is nested too deeply")
    if isinstance(given, str):
        _must_be_kept(given, name)
    elif isinstance(given, float) and not math.isfinite(given):
        raise Unfit(f"`{name}` holds a number that is none")
    elif isinstance(given, Mapping):
        for key, value in given.items():
            _must_be_kept(key, name)
            _look_through(value, name, depth + 1)
    elif isinstance(given, list):
        for value in given:
            _look_through(value, name, depth + 1)


def _must_be_kept(text: str, name: str) -> None:
    """Refuse what a database does not keep: the character NUL, half a pair of UTF-16."""
    if "\x00" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        raise Unfit(f"`{name}` holds a character that cannot be kept")


# An Enum is a String, too, and a sealed column holds text: the order decides.
_READERS: tuple[tuple[type[Any], Callable[[Any, Column[Any]], Any]], ...] = (
    (UtcDateTime, _moment),
    (Uuid, _uuid),
    (Enum, _member),
    (Boolean, _switch),
    (Float, _number),
    (Integer, _whole),
    (Sealed, _string),
    (JSON, _anything),
    (LargeBinary, _string),
    (String, _string),
)
