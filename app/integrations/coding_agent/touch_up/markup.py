"""Pages and templates: what stands between tags and in attributes; what a template puts in stays its own."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from app.integrations.coding_agent.touch_up import writing
from app.integrations.coding_agent.touch_up.colours import colour_of
from app.integrations.coding_agent.touch_up.selectors import Element
from app.integrations.coding_agent.touch_up.sheets import sheet_spots, style_spots
from app.integrations.coding_agent.touch_up.spots import OPAQUE, Holds, Spot, decoded
from app.integrations.coding_agent.touch_up.strings import json_spots, script_spots, string_spots

# No pattern here may look at a sign twice: the files are anybody's. Hence what is possessive or has an end.
_MOVING = r"\{\{.{0,500}?\}\}|\{%.{0,500}?%\}|\{#.{0,500}?#\}|<%.{0,500}?%>|<\?.*?(?:\?>|\Z)|\ufffc"
_CURLY = r"\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+\}"
_VALUE = r"\"(?:{moving}|[^\"])*+\"|'(?:{moving}|[^'])*+'|(?:{moving}|[^\s\"'>])++"
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_CLOSED_BY_NEXT = frozenset({"li", "p", "td", "th", "tr", "dt", "dd", "option"})
_RAW = frozenset({"script", "style"})
_LABELS = frozenset({"alt", "title", "placeholder", "aria-label", "value", "label", "content"})
_ADDRESSES = frozenset({"href", "xlink:href", "src", "poster", "data"})
_COLOURS = frozenset({"fill", "stroke", "color", "bgcolor", "stop-color", "content"})
_DATA = ("json", "importmap", "speculationrules")


class _Grammar:
    """What counts as a template's own in one kind of file."""

    def __init__(self, *, curly: bool) -> None:
        moving = f"{_MOVING}|{_CURLY}" if curly else _MOVING
        value = _VALUE.replace("{moving}", moving)
        self.moving = re.compile(moving, re.DOTALL)
        self.shown = re.compile(f"{writing.ENTITY.pattern}|{moving}", re.DOTALL)
        self.piece = re.compile(
            rf"(?P<comment><!--.*?(?:-->|\Z))|(?P<moving>{moving})|(?P<end></[a-zA-Z][^>]*>)"
            rf"|<(?P<tag>[a-zA-Z][^\s/>]*)(?P<attributes>(?:{value}|[^>\"']){{0,200}}+)>"
            r"|(?P<doctype><![^>]*>)",
            re.DOTALL,
        )
        self.attribute = re.compile(
            rf"(?:{moving})|(?P<name>[^\s\"'<>/={{]+)(?:\s*=\s*(?P<value>{value}))?", re.DOTALL
        )


_TEMPLATES, _CURLIES = _Grammar(curly=False), _Grammar(curly=True)


def markup_spots(source: str, *, curly: bool = False) -> Iterator[Spot]:
    """Read a page; `curly` where a single brace opens an expression, as in Svelte."""
    return _Page(source, _CURLIES if curly else _TEMPLATES).spots()


class _Page:
    def __init__(self, source: str, grammar: _Grammar) -> None:
        self.source, self.grammar = source, grammar
        self.here = Element("", is_moving=True)

    def spots(self) -> Iterator[Spot]:
        begin = at = 0
        while found := self.grammar.piece.search(self.source, at):
            at = found.end()
            if found["moving"]:
                self.here.is_moving = True
                yield from string_spots(self.source, found.start(), found.end())
                continue
            yield from self._text(begin, found.start())
            if found["tag"]:
                yield from self._open(found)
                at = self._skip_raw(found)
                yield from self._raw(found, at)
            elif found["end"]:
                self._close(found["end"][2:-1].strip().lower())
            begin = at
        yield from self._text(begin, len(self.source))

    def _text(self, begin: int, end: int) -> Iterator[Spot]:
        if not self.source[begin:end].strip():
            return
        shown, at = decoded(self.source, begin, end, self.grammar.shown, _meant)
        yield Spot(holds=Holds.TEXT, shown=shown, at=at, write=writing.for_markup, element=self.here)

    # --- elements ----------------------------------------------------------------------------------------

    def _open(self, found: re.Match[str]) -> Iterator[Spot]:
        written = found["tag"]
        tag = written if written[0].isupper() else written.lower()
        attributes = list(self._attributes(found.start("attributes"), found.end("attributes")))
        if tag in _CLOSED_BY_NEXT and self.here.tag == tag and self.here.parent is not None:
            self.here = self.here.parent
        known = {name: value.strip("\"'") for name, value, *_ in attributes}
        element = self.here.child(tag, _still(known.get("id")), _classes(known.get("class", "")))
        for name, value, start, end in attributes:
            yield from self._attribute(element, name, value, start, end)
        if tag not in _VOID and not found[0].endswith("/>"):
            self.here = element

    def _attributes(self, begin: int, end: int) -> Iterator[tuple[str, str, int, int]]:
        for found in self.grammar.attribute.finditer(self.source, begin, end):
            if found["value"] is not None:
                yield found["name"].lower(), found["value"], found.start("value"), found.end("value")

    def _attribute(self, element: Element, name: str, value: str, start: int, end: int) -> Iterator[Spot]:
        mark = value[0] if value[0] in "\"'" else ""
        start, end = start + len(mark), end - len(mark)
        more: dict[str, Any] = {"element": element, "name": name}
        for moving in self.grammar.moving.finditer(self.source, start, end):
            yield from string_spots(self.source, moving.start(), moving.end())
        shown, at = decoded(self.source, start, end, self.grammar.shown, _meant)
        write = partial(writing.for_attribute, mark)
        if name == "style":
            yield from (spot.moved(at, write) for spot in style_spots(shown))
        if name in _LABELS:
            yield Spot(holds=Holds.LABEL, shown=shown, at=at, write=write, **more)
        if name in _ADDRESSES:
            yield Spot(holds=Holds.ADDRESS, shown=shown, at=at, write=write, **more)
        if name in _COLOURS and colour_of(shown) is not None:
            yield Spot(holds=Holds.COLOUR, shown=shown, at=at, write=writing.for_colour, **more)

    def _close(self, tag: str) -> None:
        here: Element | None = self.here
        while here is not None and here.tag.lower() != tag:
            here = here.parent
        if here is not None and here.parent is not None:
            self.here = here.parent

    # --- what is no markup -------------------------------------------------------------------------------

    def _skip_raw(self, found: re.Match[str]) -> int:
        tag = found["tag"].lower()
        if tag not in _RAW or found[0].endswith("/>"):
            return found.end()
        end = re.compile(rf"</{tag}[\s/>]", re.IGNORECASE).search(self.source, found.end())
        return end.start() if end else len(self.source)

    def _raw(self, found: re.Match[str], end: int) -> Iterator[Spot]:
        start = found.end()
        inside = self.source[start:end]
        if not inside.strip():
            return
        at = range(start, end + 1)
        if found["tag"].lower() == "style":
            spots = sheet_spots(inside)
        elif any(word in found["attributes"].lower() for word in _DATA):
            spots = json_spots(inside)
        else:
            spots = script_spots(inside, jsx=False)
        yield from (spot.moved(at, str) for spot in spots)


def _meant(found: re.Match[str]) -> str:
    return writing.meaning_of_entity(found) if found[0].startswith("&") else OPAQUE


def _still(value: str | None) -> str | None:
    return None if value is None or re.search(r"[{<\ufffc]", value) else value


def _classes(value: str) -> frozenset[str]:
    return frozenset(word for word in value.split() if not re.search(r"[{}<%\ufffc]", word))
