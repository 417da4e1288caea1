"""Documents in Markdown: their text without its signs, their links and pictures."""

import re
from collections.abc import Iterator

from app.integrations.coding_agent.touch_up import writing
from app.integrations.coding_agent.touch_up.selectors import Element
from app.integrations.coding_agent.touch_up.spots import Holds, Spot, decoded, plainly

_FRONT = re.compile(r"\A(?:---\n.*?\n---\n|\+\+\+\n.*?\n\+\+\+\n)", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_SIGN = re.compile(
    r"(?P<break>\n[ \t]*\n)|(?P<line>^[ \t]*(?:>[ \t]?|[-*+][ \t]+|\d+[.)][ \t]+|#{1,6}[ \t]+)+)"
    r"|(?P<code>`+[^`]*`+)"
    r"|(?P<link>\]\([ \t]*<?(?P<address>[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?[^()\n]*\))"
    r"|(?P<mark>!?\[|\]|\*+|(?<!\w)_+|_+(?!\w)|~~|\||[ \t]+#+[ \t]*$|^[=-]+[ \t]*$|<[^<>]*>"
    r"|\{\{.*?\}\}|\{%.*?%\}|[ \t]{2,}\n|\\\n)",
    re.MULTILINE,
)
_HEADING = re.compile(r"^[ \t]*(#{1,6})[ \t]")
_SHOWN = re.compile(rf"\\(?P<sign>[!-/:-@\[-`{{-~])|{writing.ENTITY.pattern}")


def prose_spots(source: str) -> Iterator[Spot]:
    """Read a document; code and what stands before it for programs is left alone."""
    front = _FRONT.match(source)
    begin = front.end() if front else 0
    for fence in _FENCE.finditer(source, begin):
        yield from _passage(source, begin, fence.start())
        begin = fence.end()
    yield from _passage(source, begin, len(source))


def _passage(source: str, begin: int, end: int) -> Iterator[Spot]:
    is_picture = False
    for found in _SIGN.finditer(source, begin, end):
        if found["mark"] and found.start() > begin and source[found.start() - 1] == "\\":
            continue
        yield from _words(source, begin, found.start())
        if found["link"]:
            shown, at = plainly(found.start("address"), found["address"])
            yield Spot(
                holds=Holds.ADDRESS,
                shown=shown,
                at=at,
                write=str,
                name="src" if is_picture else "href",
            )
        is_picture = found["mark"] == "![" or (is_picture and not found["link"])
        begin = found.end()
    yield from _words(source, begin, end)


def _words(source: str, begin: int, end: int) -> Iterator[Spot]:
    if not source[begin:end].strip():
        return
    shown, at = decoded(source, begin, end, _SHOWN, _meant)
    line = source[source.rfind("\n", 0, begin) + 1 : end]
    heading = _HEADING.match(line)
    element = Element("", is_moving=True).child(f"h{len(heading[1])}", None, frozenset()) if heading else None
    yield Spot(holds=Holds.TEXT, shown=shown, at=at, write=writing.for_markdown, element=element)


def _meant(found: re.Match[str]) -> str:
    return found["sign"] or writing.meaning_of_entity(found)
