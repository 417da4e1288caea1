"""Style sheets: the colours and pictures that their rules name."""

import re
from collections.abc import Iterator
from functools import partial

from app.integrations.coding_agent.touch_up import writing
from app.integrations.coding_agent.touch_up.colours import NOTATION, colour_of
from app.integrations.coding_agent.touch_up.spots import Holds, Spot, plainly

_PIECE = re.compile(
    r"/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|url\(\s*[^\"'()\s]*\s*\)|//[^\n]*|[{};]",
    re.DOTALL,
)
_DECLARATION = re.compile(r"\s*(?P<name>[-$@\w]+)\s*:\s*(?P<value>.+)$", re.DOTALL)
_USE = re.compile(r"var\(\s*(--[\w-]+)|([$@][\w-]+)")
_URL = re.compile(r"url\(\s*(?P<mark>[\"']?)(?P<address>[^\"'()]*?)(?P=mark)\s*\)")
_QUIET = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|url\([^()]*\)", re.DOTALL)


def sheet_spots(source: str) -> Iterator[Spot]:
    """Read a whole style sheet, nested rules included."""
    rules, begin = list[str](), 0
    for found in _PIECE.finditer(source):
        sign = found[0]
        if sign == "{":
            rules.append(_without_comments(source[begin : found.start()]))
        elif sign in {"}", ";"}:
            yield from declaration_spots(source, begin, found.start(), rules[-1] if rules else "")
            if sign == "}" and rules:
                rules.pop()
        elif not (sign.startswith("//") and _starts_line(source, found.start())):
            continue
        begin = found.end()
    yield from declaration_spots(source, begin, len(source), rules[-1] if rules else "")


def _starts_line(source: str, at: int) -> bool:
    return not source[source.rfind("\n", 0, at) + 1 : at].strip()


def _without_comments(words: str) -> str:
    return re.sub(r"/\*.*?(?:\*/|\Z)", " ", words, flags=re.DOTALL).strip()


def style_spots(source: str) -> Iterator[Spot]:
    """Read what stands in a `style` attribute."""
    begin = 0
    for found in re.finditer(r";|$", source):
        yield from declaration_spots(source, begin, found.start(), "")
        begin = found.end()


def declaration_spots(source: str, begin: int, end: int, rule: str) -> Iterator[Spot]:
    """Read one `name: value`."""
    bare = _blank(source, begin, end)
    said = _DECLARATION.match(bare)
    if said is None:
        return
    name, start = said["name"].lower(), begin + said.start("value")
    value = bare[said.start("value") :]
    for found in NOTATION.finditer(value):
        if colour_of(found[0]) is not None:
            shown, at = plainly(start + found.start(), found[0])
            yield Spot(holds=Holds.COLOUR, shown=shown, at=at, write=writing.for_colour, name=name, rule=rule)
    for found in _USE.finditer(value):
        used = found[1] or found[2]
        shown, at = plainly(start + found.start(), used)
        yield Spot(holds=Holds.USE, shown=shown, at=at, write=_never, name=name, rule=rule)
    for found in _URL.finditer(source, start, end):
        shown, at = plainly(found.start("address"), found["address"])
        write = partial(_in_url, found["mark"])
        yield Spot(holds=Holds.ADDRESS, shown=shown, at=at, write=write, name="url", rule=rule)


def _blank(source: str, begin: int, end: int) -> str:
    """Return a stretch with blanks for what is quoted or said in a comment, so that places stay."""
    return _QUIET.sub(lambda found: " " * len(found[0]), source[begin:end])


def _never(words: str) -> None:
    del words


def _in_url(mark: str, words: str) -> str | None:
    del mark  # what can be written without quotation marks can be written with them
    return writing.for_url(words)
