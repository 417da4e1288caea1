"""What pages are called and in which order they come: as the app's own links and titles have it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import join, normpath

from app.interviews.interviewer.page_text import PageText

_SHORT_LABEL = 24
_SHORT_TITLE = 40
_BETWEEN = re.compile(r"\s+[|\u2013\u2014·•:»-]\s+|\s*\|\s*")
_HOME_NAMES = frozenset(
    [
        "home",
        "start",
        "homepage",
        "startpage",
        "index",
        "startseite",
        "accueil",
        "inicio",
        "início",
        "welcome",
    ]
)


@dataclass
class Found:
    path: str
    text: PageText
    url: str
    part: bool
    endpoint: str = ""
    code: str = ""


def _target(each: Found, href: str) -> str:
    """Where a link leads, as an address of the app (or an endpoint's name)."""
    if href.startswith(("endpoint:", "http:", "https:", "mailto:", "tel:", "#", "{")) or not href:
        return href
    joined = normpath(
        join(each.url.rsplit("/", 1)[0] + "/", href.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])
    )
    return "/" + joined.lstrip("/").removesuffix("index.html")


def _leads_to(page: Found, target: str) -> bool:
    if target.startswith("endpoint:"):
        return bool(page.endpoint) and target.split(":")[1].rsplit(".", maxsplit=1)[-1] == page.endpoint
    return target.rstrip("/") == page.url.rstrip("/") and target.startswith("/")


def labels(everything: list[Found], page: Found) -> list[str]:
    """What links to a page call it, those in menus first."""
    menu = [
        label for each in everything for label, href in each.text.menu if _leads_to(page, _target(each, href))
    ]
    other = [
        label
        for each in everything
        for label, href in each.text.links
        if _leads_to(page, _target(each, href))
    ]
    return [label for label, _ in Counter(menu).most_common()] + [
        label for label, _ in Counter(other).most_common()
    ]


def in_menu_order(pages: list[Found], parts: list[Found]) -> list[Found]:
    home = next((page for page in pages if page.url == "/"), pages[0] if pages else None)
    links = [_target(each, href) for each in [*filter(None, [home]), *parts] for _, href in each.text.menu]

    def rank(page: Found) -> tuple[int, str]:
        place = next((at for at, link in enumerate(links) if _leads_to(page, link)), len(links))
        return (-1, "") if page is home else (place, page.url)

    return sorted(pages, key=rank)


def site_name(pages: list[Found]) -> str:
    ends = Counter(
        piece
        for page in pages
        for piece in {*_BETWEEN.split(page.text.title)}
        if len(_BETWEEN.split(page.text.title)) > 1
    )
    name, times = next(iter(ends.most_common(1)), ("", 0))
    return name if times > 1 else ""


def menu(found: Iterable[Found]) -> list[str]:
    return list(dict.fromkeys(label for each in found for label, _ in each.text.menu))[:12]


def name(each: Found, site: str, labels: list[str]) -> str:
    title = next((piece for piece in _BETWEEN.split(each.text.title) if piece and piece != site), "")
    heading = next((text for _, text in each.text.headings), "")
    if each.url == "/" and not each.part:
        return next((label for label in labels if label.casefold() in _HOME_NAMES), "Home")
    short = next((label for label in labels if len(label) <= _SHORT_LABEL and label != site), "")
    stem = PurePosixPath(each.path).stem.lstrip("_+").replace("-", " ").replace("_", " ")
    last = each.url.rstrip("/").rsplit("/", 1)[-1].replace("-", " ") if stem == "page" else stem
    return (
        short
        or (title if len(title) <= _SHORT_TITLE else "")
        or (heading if len(heading) <= _SHORT_TITLE else "")
        or last.capitalize()
    )
