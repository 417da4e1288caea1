"""People's words and Markdown: put into ours without becoming its structure, shown as harmless HTML."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from app.core.gherkin import one_line

_LINE = frozenset({"a", "abbr", "b", "br", "code", "del", "em", "i", "kbd", "s", "strong", "sub", "sup"})
_TABLE = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
WITHIN = _LINE | _TABLE | {"blockquote", "hr", "li", "ol", "p", "pre", "ul"}
WHOLE = WITHIN | {"h1", "h2", "h3", "h4", "h5", "h6", "img"}
"""With headings and pictures, where the text has a page of its own."""
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "code": {"class"}, "ol": {"start"}}
_SIGNS = re.compile(r"([\\`*_\[\]<>#~|])")


def as_html(text: str, *, tags: Collection[str] = WHOLE, strong: re.Pattern[str] | None = None) -> str:
    """Return Markdown as HTML that cannot run anything or change the look of the page around it.

    What `strong` finds in its words, code left aside, stands out.
    """
    import nh3

    reader = _reader()
    tokens = reader.parse(text)
    if strong is not None:
        for token in tokens:
            token.children = token.children and list(_with_strong(token.children, strong))
    return nh3.clean(
        reader.renderer.render(tokens, reader.options, {}),
        tags=set(tags),
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def _with_strong(children: Iterable[Any], strong: re.Pattern[str]) -> Iterator[Any]:
    from markdown_it.token import Token

    for child in children:
        if child.type != "text":
            yield child
            continue
        end = 0
        for found in strong.finditer(child.content):
            yield Token("text", "", 0, content=child.content[end : found.start()])
            yield Token("strong_open", "strong", 1)
            yield Token("text", "", 0, content=found[0])
            yield Token("strong_close", "strong", -1)
            end = found.end()
        yield Token("text", "", 0, content=child.content[end:])


def words_in(text: str) -> list[str]:
    """Return the words of Markdown, a string for each of its paragraphs and headings, without code."""
    blocks = (token.children for token in _reader().parse(text) if token.children)
    return ["".join(_words_of(child) for child in children) for children in blocks]


def _words_of(child: Any) -> str:
    return str(child.content) if child.type == "text" else "\n" if child.type.endswith("break") else ""


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(
        ["table", "strikethrough", "linkify"]
    )


def fenced(text: str, language: str = "text") -> str:
    """A block that nothing inside it can close, without what cannot be seen."""
    shown = "\n".join(_shown(line) for line in text.splitlines()).strip("\n")
    marks = "~" * (max((len(run) for run in re.findall(r"~{3,}", shown)), default=2) + 1)
    return f"{marks}{language}\n{shown}\n{marks}"


def code(text: str) -> str:
    """A name as inline code, whatever signs it has."""
    flat = one_line(text, 300)
    marks = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{marks}{space}{flat}{space}{marks}"


def plain(text: str, limit: int = 200) -> str:
    """Words within a line, with the signs of Markdown and HTML made harmless."""
    return _SIGNS.sub(r"\\\1", one_line(text, limit))


def _shown(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())].replace("\t", "    ")
    return " " * min(len(indent), 40) + one_line(line, 20_000)
