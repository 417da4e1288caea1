"""Templates as data: their HTML without Jinja, and their Jinja without HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from flask import Flask
from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).parents[2] / "templates"
FILLED = "filled"  # stands where an expression was
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def sources() -> dict[str, str]:
    """Return every template's source by its name."""
    found = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt", ".svg"})
    return {str(path.relative_to(TEMPLATES)): path.read_text() for path in found}


def fragments() -> dict[str, str]:
    """Return what a page includes and a view returns alone."""
    return {name: source for name, source in sources().items() if name.rpartition("/")[2].startswith("_")}


@dataclass
class Element:
    """An element as it stands in a template."""

    tag: str
    attributes: dict[str, str]
    line: int


@dataclass
class Html(HTMLParser):
    """What is left of a template without Jinja."""

    elements: list[Element] = field(default_factory=list)
    roots: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)  # text outside any element
    depth: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0])
        self.elements.append(element)
        if self.depth == 0:
            self.roots.append(element)
        if tag not in _VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.depth -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.depth == 0 and data.strip():
            self.loose.append(data.strip())


def html_of(env: Environment, source: str) -> Html:
    """Read a template's own HTML: blocks fall away, an expression leaves a word; macros are left out."""
    written: list[str] = []
    inside, skipped, block_words = "", 0, []
    for _line, kind, value in env.lex(source):
        if kind == "data" and not skipped:
            written.append(value)
        elif kind == "variable_begin":
            inside = "variable"
        elif kind == "variable_end" and not skipped:
            written.append(FILLED)
        elif kind == "block_begin":
            inside, block_words = "block", []
        elif kind == "name" and inside == "block":
            block_words.append(value)
        elif kind == "block_end":
            skipped += {"macro": 1, "endmacro": -1}.get(block_words[0] if block_words else "", 0)
    parser = Html()
    parser.feed("".join(written))
    parser.close()
    return parser


def walk(
    node: nodes.Node, above: tuple[nodes.Node, ...] = ()
) -> Iterator[tuple[nodes.Node, tuple[nodes.Node, ...]]]:
    """Go through a template's tree; each node comes with what it stands in."""
    yield node, above
    for child in node.iter_child_nodes():
        yield from walk(child, (*above, node))


def environment(app: Flask) -> Environment:
    return app.jinja_env
