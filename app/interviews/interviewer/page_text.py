"""What one file of markup shows: its title, headings, buttons, links, forms and pictures."""

import re
from dataclasses import dataclass, field

from app.core.gherkin import one_line
from app.interviews.interviewer.app_outline import Form
from app.interviews.interviewer.markup import Tag, tokens

LONGEST_TEXT = 6_000
_HEADINGS = frozenset({"h1", "h2", "h3"})
_LINKS = frozenset({"a", "link", "navlink", "router-link", "nuxtlink", "routerlink"})
_WHOLE = _HEADINGS | {"title", "button", "label", "legend"}
_LOOKS_LIKE_A_BUTTON = re.compile(r"(?:^|[\s_-])(?:button|btn)(?:$|[\s_-])")
_INPUTS = frozenset({"input", "textarea", "select"})
_NO_FIELD = frozenset({"hidden", "submit", "button", "reset", "image"})
_LEFT_OVER = re.compile(r"\{[^{}]*\}|[{}]")
_WORD = re.compile(r"\w")


@dataclass
class PageText:
    """What was found, in the order of the file."""

    title: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    menu: list[tuple[str, str]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    text: str = ""
    asks_password: bool = False


def read_page(source: str) -> PageText:
    """Read one file of plain markup."""
    return _Reader().read(source)


def _clean(text: str, limit: int = 80) -> str:
    flat = one_line(_LEFT_OVER.sub(" ", text), limit)
    return flat if _WORD.search(flat) else ""


@dataclass
class _Open:
    tag: Tag
    pieces: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self.page = PageText()
        self.words: list[str] = []
        self.opened: dict[str, _Open] = {}
        self.labels: dict[str, str] = {}
        self.form: _Open | None = None
        self.in_menu = 0

    def read(self, source: str) -> PageText:
        for token in tokens(source):
            if isinstance(token, str):
                self._text(token)
            elif token.closes:
                self._close(self._kind(token.name))
            else:
                self._open(token)
        self._close("form")
        self.page.text = one_line(" ".join(self.words), LONGEST_TEXT)
        return self.page

    @staticmethod
    def _kind(name: str) -> str:
        if name in _LINKS:
            return "a"
        return "button" if name.endswith("button") else name

    def _text(self, text: str) -> None:
        self.words.append(text)
        for each in self.opened.values():
            each.pieces.append(text)

    def _open(self, tag: Tag) -> None:
        kind, attributes = self._kind(tag.name), tag.attributes
        if tag.name == "link" and "rel" in attributes:
            if "stylesheet" in attributes["rel"]:
                self.page.styles.append(attributes.get("href", ""))
        elif kind == "a" or kind in _WHOLE:
            self.opened[kind] = _Open(tag)
        elif kind == "form":
            self._close("form")
            self.form = _Open(tag)
        elif kind == "nav":
            self.in_menu += 1
        elif kind == "img" and (alt := _clean(attributes.get("alt", ""))):
            self.page.images.append(alt)
            self._text(f" {alt} ")
        elif kind in _INPUTS:
            self._input(attributes)

    def _input(self, attributes: dict[str, str]) -> None:
        type_ = attributes.get("type", "text").casefold()
        if type_ in {"submit", "button"}:
            self.page.buttons += filter(None, [_clean(attributes.get("value", ""))])
            return
        self.page.asks_password |= type_ == "password"
        if type_ in _NO_FIELD or self.form is None:
            return
        label = self.opened.get("label")
        around = _clean("".join(label.pieces)) if label else ""
        named = attributes.get("aria-label") or attributes.get("placeholder") or attributes.get("name", "")
        known = self.labels.get(attributes.get("id", ""), "")
        self.form.fields += filter(None, [_clean(known or around or named)])

    def _close(self, kind: str) -> None:
        if kind == "nav":
            self.in_menu = max(0, self.in_menu - 1)
        elif kind == "form" and self.form is not None:
            self._form(self.form)
            self.form = None
        elif (done := self.opened.pop(kind, None)) is not None:
            self._element(kind, done)

    def _element(self, kind: str, done: _Open) -> None:
        attributes = done.tag.attributes
        text = _clean("".join(done.pieces)) or _clean(
            attributes.get("aria-label") or attributes.get("title", "")
        )
        if not text:
            return
        if kind in _HEADINGS:
            self.page.headings.append((int(kind[1]), text))
        elif kind == "button":
            self.page.buttons.append(text)
        elif kind == "a":
            self._link(text, attributes)
        elif kind == "label":
            self.labels[attributes.get("for") or attributes.get("htmlfor") or text] = text
        elif kind == "legend" and self.form is not None:
            self.form.pieces.append(text)
        elif kind == "title":
            self.page.title = self.page.title or text

    def _link(self, text: str, attributes: dict[str, str]) -> None:
        href = attributes.get("href") or attributes.get("to", "")
        if self.in_menu:
            self.page.menu.append((text, href))
        looks = _LOOKS_LIKE_A_BUTTON.search(attributes.get("class", "") or attributes.get("classname", ""))
        if not self.in_menu and (looks or attributes.get("role") == "button"):
            self.page.buttons.append(text)
        # A jump within the page, such as past its menu, is nothing that people name.
        if not href.startswith("#"):
            self.page.links.append((text, href))

    def _form(self, form: _Open) -> None:
        attributes = form.tag.attributes
        above = self.page.headings[-1][1] if self.page.headings else ""
        named = _clean(attributes.get("aria-label", "")) or next(iter(form.pieces), "") or above
        if form.fields or named:
            self.page.forms.append(Form(named, list(dict.fromkeys(form.fields))[:12]))
