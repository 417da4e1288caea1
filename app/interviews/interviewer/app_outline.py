"""What an app shows to the people who use it, as far as its files tell: pages and what is on them."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

ElementKind = Literal["heading", "button", "link", "form", "image"]


def anchor(text: str) -> str:
    """A text as the last part of an id: lower case, words joined, any script."""
    return re.sub(r"\W+", "-", text.casefold()).strip("-")[:60]


@dataclass(frozen=True)
class Form:
    name: str
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Element:
    """Something on a page that a person can name."""

    kind: ElementKind
    text: str
    page: str
    shared: bool = False

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.page}#{anchor(self.text)}"


@dataclass(frozen=True)
class Page:
    """One page, or (`part`) a piece that several pages share, such as a layout."""

    path: str
    name: str
    title: str
    files: list[str]
    headings: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    text: str = ""
    part: bool = False

    @property
    def id(self) -> str:
        return f"page:{self.path}"

    @property
    def file(self) -> str:
        return self.files[0]

    def elements(self) -> Iterator[Element]:
        """Everything on it that can be pointed at, in the order people look for it."""
        groups: list[tuple[ElementKind, list[str]]] = [
            ("heading", self.headings),
            ("button", self.buttons),
            ("form", [form.name for form in self.forms]),
            ("image", self.images),
            ("link", self.links),
        ]
        for kind, texts in groups:
            for text in dict.fromkeys(filter(None, texts)):
                yield Element(kind, text, self.path, self.part)


@dataclass(frozen=True)
class AppOutline:
    """The app as its users see it; empty where the files do not say."""

    pages: list[Page] = field(default_factory=list)
    parts: list[Page] = field(default_factory=list)
    menu: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    site_name: str = ""
    has_sign_in: bool = False

    @property
    def home(self) -> Page | None:
        return self.pages[0] if self.pages else None

    def page(self, page_id: str) -> Page | None:
        return next((page for page in self.pages if page.id == page_id), None)

    def page_at(self, path: str) -> Page | None:
        return next((page for page in self.pages if page.path == path), None)

    def element(self, element_id: str) -> Element | None:
        everything = (each for page in [*self.pages, *self.parts] for each in page.elements())
        return next((each for each in everything if each.id == element_id), None)

    def files_with(self, text: str) -> list[str]:
        """The files whose visible text holds `text`."""
        wanted = " ".join(text.casefold().split())
        found = (page for page in [*self.pages, *self.parts] if wanted and wanted in page.text.casefold())
        return list(dict.fromkeys(page.file for page in found))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "AppOutline":
        def pages(key: str) -> list[Page]:
            return [
                Page(**{**page, "forms": [Form(**form) for form in page.get("forms", [])]})
                for page in data.get(key, [])
            ]

        return cls(**{**data, "pages": pages("pages"), "parts": pages("parts")})
