"""Markup of any kind as a row of tags and texts, in one pass, whatever is wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

# The standard parser takes quadratic time on some broken markup, and a repository may be hostile.
LONGEST_TAG = 4_000
_NAME = re.compile(r"[A-Za-z][\w.:-]*")
_ATTRIBUTE = re.compile(r"""[^\s=>/{}<"']+""")
_BARE = re.compile(r"[^\s>]+")
_CLOSE = re.compile(r"</([A-Za-z][\w.:-]{0,60})[^<>]{0,100}>")
_BLANK = re.compile(r"\s*")
_SAID_IN_CODE = re.compile(
    r"""(?:\b(?:_|t|gettext|trans|i18n\.t|\$t)\s*\(\s*|^\s*)(["'`])([^"'`{}<>]{1,200})\1"""
)
_ADDRESS_IN_CODE = re.compile(r"""url_for\(\s*["']([\w.]{1,80})["']\s*\)""")
_LISTED = re.compile(r"""\(\s*["']([\w.]{1,60})["']\s*,\s*["']([^"'{}<>]{1,60})["']""")
_SILENT = frozenset({"script", "style", "svg"})


@dataclass(frozen=True)
class Tag:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    closes: bool = False


def plain(source: str) -> str:
    """Template markup with the template language taken out; texts and addresses named in it stay."""
    for begin, end, keep in (
        ("{#", "#}", _nothing),
        ("{%", "%}", _listed_links),
        ("{{", "}}", _what_it_says),
        ("<%", "%>", _nothing),
        ("<?php", "?>", _nothing),
    ):
        source = _between(source, begin, end, keep)
    return source


def tokens(source: str) -> Iterator[Tag | str]:
    """Tags and texts in order; what is no tag is text, what people do not see is left out."""
    at, size = 0, len(source)
    while at < size:
        begin = source.find("<", at)
        if begin < 0:
            break
        if begin > at:
            yield unescape(source[at:begin])
        if source.startswith(("<!", "<?"), begin):
            mark = "-->" if source.startswith("<!--", begin) else ">"
            if (end := source.find(mark, begin)) < 0:
                return
            at = end + len(mark)
        elif (close := _CLOSE.match(source, begin)) is not None:
            yield Tag(close[1].casefold(), closes=True)
            at = close.end()
        elif (opened := _open(source, begin + 1)) is not None:
            tag, at = opened
            yield tag
            if tag.name in _SILENT and not tag.closes:
                at = _after(source, tag.name, at)
        else:
            at = begin + 1
    else:
        return
    yield unescape(source[at:])


def _nothing(_inside: str) -> str:
    return " "


def _listed_links(inside: str) -> str:
    """`for page, label in [("home", "Home")]` is how many templates write their menu."""
    found = _LISTED.findall(inside) if inside.lstrip("- ").startswith("for ") else []
    return "".join(f' <a href="endpoint:{escape(page)}">{escape(label)}</a> ' for page, label in found) or " "


def _what_it_says(inside: str) -> str:
    if (address := _ADDRESS_IN_CODE.search(inside)) is not None:
        return f"endpoint:{address[1]}"
    return said[2] if (said := _SAID_IN_CODE.search(inside)) is not None else "{}"


def _between(source: str, begin: str, end: str, keep: Callable[[str], str]) -> str:
    pieces, at = [], 0
    while (start := source.find(begin, at)) >= 0:
        if (stop := source.find(end, start + len(begin))) < 0:
            break
        pieces += [source[at:start], keep(source[start + len(begin) : min(stop, start + 500)])]
        at = stop + len(end)
    return "".join([*pieces, source[at:]])


def _open(source: str, at: int) -> tuple[Tag, int] | None:
    if (name := _NAME.match(source, at)) is None:
        return None
    at = name.end()
    attributes: dict[str, str] = {}
    last = min(len(source), at + LONGEST_TAG)
    while at < last:
        at = _skip_blank(source, at)
        here = source[at : at + 1]
        if here == ">":
            return Tag(name[0].casefold(), attributes), at + 1
        if here in {"", "<"}:
            return None
        if here == "{":
            if (at := _after_braces(source, at, last)) < 0:
                return None
        elif (word := _ATTRIBUTE.match(source, at)) is not None:
            value, at = _value(source, _skip_blank(source, word.end()), last)
            attributes.setdefault(word[0].casefold(), value)
        elif source.startswith("/>", at):
            return Tag(name[0].casefold(), attributes), at + 2
        else:
            at += 1
    return None


def _value(source: str, at: int, last: int) -> tuple[str, int]:
    if source[at : at + 1] != "=":
        return "", at
    at = _skip_blank(source, at + 1)
    if (quote := source[at : at + 1]) in {'"', "'"}:
        end = source.find(quote, at + 1, last)
        return (unescape(source[at + 1 : end]), end + 1) if end >= 0 else ("", last)
    if quote == "{":
        end = _after_braces(source, at, last)
        inside = source[at + 1 : end - 1] if end >= 0 else ""
        said = _SAID_IN_CODE.search(inside[:500])
        return (said[2] if said else ""), end if end >= 0 else last
    bare = _BARE.match(source, at)
    return (bare[0], bare.end()) if bare else ("", at)


def _skip_blank(source: str, at: int) -> int:
    found = _BLANK.match(source, at)
    return found.end() if found else at


def _after_braces(source: str, at: int, last: int) -> int:
    depth = 0
    for place in range(at, last):
        depth += {"{": 1, "}": -1}.get(source[place], 0)
        if depth == 0:
            return place + 1
    return -1


def _after(source: str, name: str, at: int) -> int:
    """Past the end of what is not shown; the rest of the file where it never ends."""
    found = re.compile(rf"</{name}\b[^>]{{0,100}}>", re.IGNORECASE).search(source, at)
    return found.end() if found else len(source)
