"""New ids for all that an archive brings: it may come from this installation, where the old ones live on.

A new id keeps the part of the old one that says when it was made, so that the order stays.
"""

import re
import secrets
from typing import Any
from uuid import UUID

from app.archives.kinds import Kind, Row
from app.archives.rows import Unfit
from app.core.ids import object_id, prefixed

_BY_TIME = 64  # the bits of a version 7 UUID that are not chance alone
_VARIANT = 0b10 << 62
_PREFIXED = re.compile(r"[a-z]+_[0-9a-z]{26}")
_OBJECT = re.compile(r"[0-9a-f]{24}")
_NAMED = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[a-z]+_[0-9a-z]{26}\b|\b[0-9a-f]{24}\b")


class Identities:
    """Which row of an archive becomes which one here."""

    def __init__(self) -> None:
        self._of: dict[str, dict[Any, Any]] = {}
        self._words: dict[str, str] = {}
        self._addresses: list[tuple[str, str]] = []

    def add(self, kind: str, old: Any) -> None:
        """Give a row a new id; Unfit when there was one with this id, or it is none."""
        if self.has(kind, old):
            raise Unfit("its `id` stands there twice")
        self.become(kind, old, anew(old))

    def become(self, kind: str, old: Any, new: Any) -> None:
        """Say who somebody, or what something, of the archive is here."""
        self._of.setdefault(kind, {})[old] = new
        self._words[str(old)] = str(new)

    def has(self, kind: str, old: Any) -> bool:
        return old in self._of.get(kind, ())

    def here(self, kind: str, old: Any) -> Any:
        """Return which one something is here."""
        return self._of[kind][old]

    def all(self, kind: str) -> dict[Any, Any]:
        """Return every row of a kind by its old id."""
        return self._of.get(kind, {})

    def move(self, before: str, after: str) -> None:
        """Say that addresses which began with one text begin with another here."""
        self._addresses.append((before, after))

    def translate(self, kind: Kind, row: Row) -> Row:
        """Return a row as it is here: its id, what it refers to, and what its texts name."""
        told: Row = {}
        for name, value in row.items():
            if value is None:
                told[name] = None
            elif name in kind.references:
                told[name] = self.here(kind.references[name], value)
            elif name == "id":
                told[name] = self.here(kind.name, value)
            else:
                told[name] = self._in_words(value)
        return told

    def _in_words(self, value: Any) -> Any:
        if type(value) is str:
            named = _NAMED.sub(lambda found: self._words.get(found[0], found[0]), value)
            for before, after in self._addresses:
                if not before.startswith("/"):
                    named = named.replace(before, after)
                elif named.startswith(before):  # a path is one only where a text begins with it
                    named = after + named.removeprefix(before)
            return named
        if isinstance(value, dict):
            return {self._in_words(key): self._in_words(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._in_words(inner) for inner in value]
        return value


def anew(old: Any) -> Any:
    """Make an id of the same form that stands where the old one stood in their order."""
    if isinstance(old, UUID):
        chance = secrets.randbits(62)
        return UUID(int=(old.int >> _BY_TIME << _BY_TIME) | _VARIANT | chance)
    if _OBJECT.fullmatch(old):
        return old[:8] + object_id()[8:]
    if _PREFIXED.fullmatch(old):
        return old[:-16] + prefixed("")[-16:]
    raise Unfit("its `id` is none")
