"""The words of an HTML page, as Markdown; what leads elsewhere or only decorates is left out."""

import re
from collections.abc import Mapping

_LEFT_OUT = frozenset(
    {"aside", "button", "footer", "iframe", "nav", "noscript", "script", "select", "style", "svg", "template"}
)
_HEADINGS = {f"h{depth}": f"\n\n{'#' * depth} " for depth in range(1, 7)}
_OPENS = {**_HEADINGS, "li": "\n- ", "br": "\n", "tr": "\n", "td": " ", "th": " ", "dt": "\n", "dd": "\n  "}
_BLOCKS = frozenset(
    {"article", "blockquote", "dl", "div", "header", "main", "ol", "p", "pre", "section", "table", "ul"}
)


def markdown_in(html: str) -> tuple[str, str]:
    """Return a page's title and its text; where the page says what its main part is, only that."""
    from lxml import etree  # the standard library's parser takes minutes for what is made to take long

    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8")
    parser.feed(html.encode("utf-8", "replace"))
    parser.close()
    return " ".join("".join(page.title).split()), _tidy(page.main or page.all)


def _tidy(pieces: list[str]) -> str:
    lines = [line.rstrip() for line in "".join(pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Page:
    """Hears a page tag by tag."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.all: list[str] = []
        self.main: list[str] = []
        self._within = {"title": 0, "main": 0, "pre": 0}
        self._left_out: list[str] = []
        self._last = "\n"

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        if tag in _LEFT_OUT:
            self._left_out.append(tag)
        if tag in self._within:
            self._within[tag] += 1
        self._say(_OPENS.get(tag, ""))
        if tag in _BLOCKS:
            self._part()

    def end(self, tag: str) -> None:
        if tag in self._left_out:
            del self._left_out[self._left_out.index(tag) :]  # what was not closed ends with it
        if tag in _BLOCKS or tag in _HEADINGS:
            self._part()
        if self._within.get(tag):
            self._within[tag] -= 1

    def data(self, data: str) -> None:
        if self._within["title"] and not self.all:
            self.title.append(data)
        elif self._within["pre"]:
            self._say(data)
        else:
            flat = re.sub(r"\s+", " ", data)
            self._say(flat.lstrip() if self._last.endswith((" ", "\n")) else flat)

    def close(self) -> None:
        """Have heard all of it."""

    def _part(self) -> None:
        """Begin a paragraph, unless an item of a list has just begun."""
        if self._last != _OPENS["li"]:
            self._say("\n\n")

    def _say(self, text: str) -> None:
        if not text or self._left_out:
            return
        self._last = text
        self.all.append(text)
        if self._within["main"]:
            self.main.append(text)
