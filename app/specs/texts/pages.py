"""The text of a page of the web, as Markdown, with its title."""

from urllib.parse import urlsplit

from app.core.errors import Invalid
from app.core.gherkin import one_line
from app.integrations.web_pages import WebPage
from app.specs.document import Page
from app.specs.texts.files import pdf_text
from app.specs.texts.html import markdown_in

LONGEST_PAGE = 100_000
_HTML = ("text/html", "application/xhtml+xml")


def read_page(page: WebPage) -> Page:
    """Read a page's text, or say why there is none; a text too long is cut."""
    if page.trouble:
        return Page(url=page.url, trouble=page.trouble)
    try:
        title, text = _read(page)
    except Invalid as trouble:
        return Page(url=page.url, trouble=trouble.errors[0]["msg"].rstrip("."))
    text = text.replace("\x00", "").strip()[:LONGEST_PAGE]
    if not text:
        return Page(url=page.url, trouble="there is no text in it")
    return Page(url=page.url, title=one_line(title or _first_line(text), 200), text=text)


def _read(page: WebPage) -> tuple[str, str]:
    if page.kind == "application/pdf":
        return "", pdf_text(urlsplit(page.url).path.rpartition("/")[2] or "It", page.content)
    try:
        text = page.content.decode(page.charset, "replace")
    except LookupError:
        text = page.content.decode("utf-8", "replace")
    return markdown_in(text) if page.kind in _HTML else ("", text)


def _first_line(text: str) -> str:
    return next(line.strip(" #*-\t") for line in text.splitlines() if line.strip())
