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


def labels(everything: list[Found], page: Found) -> tuple[list[str], list[str]]:
    """What menus call a page, and what other links call it, the most common first."""
    menu = [pair for each in everything for pair in _calls(each, each.text.menu, page)]
    other = [pair for each in everything for pair in _calls(each, each.text.links, page)]
    return [label for label, _ in Counter(menu).most_common()], [
        each for each, _ in Counter(other).most_common()
    ]


def _calls(each: Found, links: list[tuple[str, str]], page: Found) -> list[str]:
    return [label for label, href in links if _leads_to(page, _target(each, href))]


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


def name(each: Found, site: str, called: tuple[list[str], list[str]]) -> str:
    """What people call the page: as in the menu, else its title, else a link to it, heading or file."""
    menu, links = called
    if each.url == "/" and not each.part:
        return next((label for label in [*menu, *links] if label.casefold() in _HOME_NAMES), "Home")
    titles = [piece for piece in _BETWEEN.split(each.text.title) if piece and piece != site][:1]
    headings = [text for _, text in each.text.headings][:1]
    stem = PurePosixPath(each.path).stem.lstrip("_+")
    file = each.url.rstrip("/").rsplit("/", 1)[-1] if stem == "page" else stem
    ways = [(menu, _SHORT_LABEL), (titles, _SHORT_TITLE), (links, _SHORT_LABEL), (headings, _SHORT_TITLE)]
    found = (text for texts, longest in ways for text in texts if len(text) <= longest and text != site)
    return next(found, re.sub(r"[-_]+", " ", file).capitalize())
