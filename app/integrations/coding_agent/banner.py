"""A small labelled link at the top of a page, and only one of it."""

import re
from html import escape

_BEGIN, _END = b"<!-- greenroom:outline -->", b"<!-- /greenroom:outline -->"
_OLD = re.compile(re.escape(_BEGIN) + rb".*?" + re.escape(_END) + rb"\n?", re.DOTALL)
_BODY = re.compile(rb"<body(?:\s(?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}'){0,200})?>", re.IGNORECASE)
_SKIP_LINK = re.compile(rb"\s{0,200}<a\s[^<>]{0,500}href=[\"']?#[^<>]{0,500}>[^<>]{0,200}</a>", re.IGNORECASE)
_MOST_MARKS = 5
_STYLE = (
    "padding:.6rem 1rem;background:#fff4ce;color:#3d2e00;font:1rem/1.4 system-ui,sans-serif;text-align:center"
)


def with_banner(page: bytes, number: int, address: str) -> bytes | None:
    """The page with the link at the top of its body; None where it has no place for it."""
    # Written byte by byte around the mark, so that the rest of the page stays as it is in any encoding.
    if b"\x00" in page or page.count(_BEGIN) != page.count(_END) or page.count(_BEGIN) > _MOST_MARKS:
        return None
    page = _OLD.sub(b"", page)
    body = _BODY.search(_without_comments(page))
    if body is None:
        return None
    skip = _SKIP_LINK.match(page, body.end())  # stays what the keyboard comes to first
    at = skip.end() if skip else body.end()
    return page[:at] + b"\n" + _banner(number, address) + page[at:].removeprefix(b"\n")


def _without_comments(page: bytes) -> bytes:
    """The page with blanks for its comments, so that a `<body>` in one of them does not count."""
    pieces, at = list[bytes](), 0
    while (begin := page.find(b"<!--", at)) >= 0:
        end = page.find(b"-->", begin + 4)
        stop = end + 3 if end >= 0 else len(page)
        pieces += [page[at:begin], b" " * (stop - begin)]
        at = stop
    return b"".join([*pieces, page[at:]])


def _banner(number: int, address: str) -> bytes:
    link = f'<a href="{escape(address)}" style="color:inherit">See what request {number} would change</a>'
    label = "<strong>Outline: not the finished change.</strong>"
    aside = f'<aside aria-label="Outline" style="{_STYLE}">{label} {link}</aside>'
    return _BEGIN + aside.encode("ascii") + _END + b"\n"
