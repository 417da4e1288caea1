"""The running app beside its files: what a page says once it is filled in, as people see it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from app.interviews.interviewer.app_outline import AppOutline, Form, Page
from app.interviews.interviewer.page_text import PageText, read_page

MOST_ASKED = 12
Ask = Callable[[list[str]], Mapping[str, str]]


def as_people_see_it(outline: AppOutline, ask: Ask) -> AppOutline:
    """Return the outline with what the running app shows; what does not answer stays as it is written."""
    paths = [page.path for page in outline.pages if not set(page.path) & set("<[{:*")]
    shown = ask(paths[:MOST_ASKED]) if paths else {}
    pages = [_filled(page, shown, outline) for page in outline.pages]
    return replace(outline, pages=pages)


def _filled(page: Page, shown: Mapping[str, str], outline: AppOutline) -> Page:
    if page.path not in shown:
        return page
    seen = read_page(shown[page.path])
    shared = {element.text for part in outline.parts for element in part.elements()} | set(outline.menu)
    known = {label for label, _ in seen.menu} | set(seen.buttons)
    links = [label for label, _ in seen.links if label not in known]
    return replace(
        page,
        headings=_both((text for _, text in seen.headings), page.headings, shared),
        buttons=_both(seen.buttons, page.buttons, shared),
        links=_both(links, page.links, shared),
        images=_both(seen.images, page.images, shared),
        forms=_forms(seen, page),
        text=seen.text or page.text,
    )


def _both(seen: Iterable[str], written: Iterable[str], shared: set[str]) -> list[str]:
    """Return what is seen, then what only the files have; a text with a gap is within what fills the gap."""
    found = [text for text in dict.fromkeys(seen) if text not in shared]
    return [*found, *(text for text in written if not any(_is_within(text, whole) for whole in found))]


def _is_within(text: str, whole: str) -> bool:
    words = iter(whole.casefold().split())
    return all(word in words for word in text.casefold().split())


def _forms(seen: PageText, page: Page) -> list[Form]:
    named = {form.name for form in seen.forms}
    return [*seen.forms, *(form for form in page.forms if form.name not in named)][:10]
