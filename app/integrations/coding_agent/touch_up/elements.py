"""Elements within a script, as JSX writes them."""

import re
from functools import partial
from typing import Any

from app.integrations.coding_agent.touch_up import writing
from app.integrations.coding_agent.touch_up.selectors import Element
from app.integrations.coding_agent.touch_up.spots import Holds, Spot, decoded
from app.integrations.coding_agent.touch_up.strings import script_spots

_NAME = re.compile(r"[a-zA-Z][\w.:-]*")
_ATTRIBUTE = re.compile(r"\s*([a-zA-Z_:][\w:.-]*)(\s*=\s*)?")
_SPACE = re.compile(r"\s*")
_QUIET = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
_LABELS = frozenset({"alt", "title", "placeholder", "aria-label", "label", "value"})
_ADDRESSES = frozenset({"href", "src", "poster", "to"})
_DEEPEST = 200


class _Unread(Exception):
    """This is no element after all."""


def element_spots(source: str, at: int) -> tuple[list[Spot], int] | None:
    """Read the element that begins at `at`, and say where it ends; None where it is something else."""
    reader = _Reader(source)
    try:
        end = reader.element(at, Element("", is_moving=True), 0)
    except (_Unread, IndexError):
        return None
    return reader.spots, end


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.spots: list[Spot] = []

    def element(self, at: int, parent: Element, depth: int) -> int:
        """Read from `<` to behind the end tag."""
        if depth > _DEEPEST:
            raise _Unread
        name = _NAME.match(self.source, at + 1)
        at = name.end() if name else at + 1
        before = len(self.spots)
        element = parent.child(name[0] if name else "", None, frozenset())
        at = self._attributes(at, element)
        for spot in self.spots[before:]:
            if spot.name == "id" and element.id is None:
                element.id = spot.shown
        self.spots[before:] = [spot for spot in self.spots[before:] if spot.name != "id"]
        if self.source.startswith("/>", at):
            return at + 2
        if self.source[at] != ">":
            raise _Unread
        return self._children(at + 1, element, depth)

    def _attributes(self, at: int, element: Element) -> int:
        while True:
            at = self._space(at)
            if self.source[at] in "/>":
                return at
            if self.source[at] == "{":
                at = self._expression(at)
                continue
            named = _ATTRIBUTE.match(self.source, at)
            if named is None:
                raise _Unread
            at = named.end()
            if named[2]:
                at = self._value(at, named[1], element)

    def _value(self, at: int, name: str, element: Element) -> int:
        mark = self.source[at]
        if mark == "{":
            return self._expression(at)
        end = self.source.find(mark, at + 1)
        if mark not in "\"'" or end < 0:
            raise _Unread
        lower = name.lower()
        shown, places = decoded(self.source, at + 1, end, writing.ENTITY, writing.meaning_of_entity)
        write = partial(writing.for_attribute, mark)
        more: dict[str, Any] = {"shown": shown, "at": places, "write": write, "element": element}
        if lower in _LABELS:
            self.spots.append(Spot(holds=Holds.LABEL, name=lower, **more))
        if lower in _ADDRESSES:
            self.spots.append(Spot(holds=Holds.ADDRESS, name="href" if lower == "to" else lower, **more))
        if lower == "id":
            self.spots.append(Spot(holds=Holds.LABEL, name="id", **more))
        return end + 1

    def _children(self, at: int, element: Element, depth: int) -> int:
        while True:
            end = min(
                (place for place in (self.source.find("<", at), self.source.find("{", at)) if place >= 0),
                default=-1,
            )
            if end < 0:
                raise _Unread
            self._text(at, end, element)
            if self.source[end] == "{":
                element.is_moving = True
                at = self._expression(end)
            elif self.source.startswith("</", end):
                close = self.source.index(">", end) + 1 if ">" in self.source[end:] else -1
                if close < 0 or self.source[end + 2 : close - 1].strip() != element.tag:
                    raise _Unread
                return close
            else:
                at = self.element(end, element, depth + 1)

    def _text(self, begin: int, end: int, element: Element) -> None:
        if self.source[begin:end].strip():
            shown, at = decoded(self.source, begin, end, writing.ENTITY, writing.meaning_of_entity)
            self.spots.append(
                Spot(holds=Holds.TEXT, shown=shown, at=at, write=writing.for_markup, element=element)
            )

    def _expression(self, at: int) -> int:
        """Read what stands in braces, where elements may stand again."""
        end, depth = at + 1, 1
        while depth:
            if quiet := _QUIET.match(self.source, end):
                end = quiet.end()
                continue
            depth += {"{": 1, "}": -1}.get(self.source[end], 0)
            end += 1
        inside = self.source[at + 1 : end - 1]
        places = range(at + 1, end)
        self.spots += [spot.moved(places, str) for spot in script_spots(inside, jsx=True)]
        return end

    def _space(self, at: int) -> int:
        found = _SPACE.match(self.source, at)
        return found.end() if found else at
