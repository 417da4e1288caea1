"""The review bar: one script tag at the end of a preview's own pages, and room for just that in their policy.

The bar has no authority. The page around it is not trusted, so all it does is open pages of the main site.
"""

import secrets
import zlib
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from typing import Protocol

from aiohttp import hdrs, web
from multidict import CIMultiDict

from app.engine.gateway.route_book import Route

SCRIPT_PATH = "/.greenroom/bar.js"
DATA_PATH = "/.greenroom/review.json"
_PARTS = ("style", "frame", "list", "pins", "end")

_DATA = {
    "title": "title",
    "commit": "commit",
    "requestUrl": "request",
    "acceptUrl": "accept",
    "changeUrl": "change",
    "askUrl": "ask",
}
_READABLE = {"", "identity", "gzip", "x-gzip", "deflate"}


def _script() -> bytes:
    """Put the parts of the script together, as one function that leaves no name behind on the page."""
    folder = Path(__file__).parent / "bar_script"
    parts = [(folder / f"{name}.js").read_bytes() for name in _PARTS]
    return b'(() => {\n"use strict";\n' + b"".join(parts) + b"})();\n"


SCRIPT = _script()
SCRIPT_ETAG = f'"{zlib.crc32(SCRIPT):08x}"'


class Chunks(Protocol):
    """Bytes as they come."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


def is_document(request: web.BaseRequest) -> bool:
    """Tell whether a browser asks for a page, not for a part that a script will put into one."""
    headers = request.headers
    if request.method != "GET" or "HX-Request" in headers or "X-Requested-With" in headers:
        return False
    target = headers.get("Sec-Fetch-Dest")
    if target is not None:
        return target in {"document", "iframe", "frame"}
    return "text/html" in headers.get(hdrs.ACCEPT, "")


def tag(route: Route, nonce: str | None = None) -> bytes:
    """Return the script tag for a route, its data as attributes."""
    facts = route.bar or {}
    data = "".join(
        f' data-{name}="{escape(str(facts[key]))}"' for key, name in _DATA.items() if facts.get(key)
    )
    allowed = f' nonce="{nonce}"' if nonce else ""
    return f'\n<script src="{SCRIPT_PATH}" defer{allowed}{data}></script>\n'.encode()


def ask_plainly(headers: CIMultiDict[str], route: Route) -> None:
    """Ask upstream for a whole page in plain encoding, with the page's own tag instead of ours."""
    for name in ("Range", "If-Range", "If-Modified-Since"):
        headers.popall(name, None)
    headers["Accept-Encoding"] = "identity"
    if "If-None-Match" in headers:
        mark = f'-gr{route.bar_mark}"'
        tags = [tag.strip() for tag in headers.popall("If-None-Match")[0].split(",")]
        ours = [f'{tag.removesuffix(mark)}"' for tag in tags if tag.endswith(mark)]
        if ours:
            headers["If-None-Match"] = ", ".join(ours)


def fits(status: int, headers: CIMultiDict[str]) -> bool:
    """Tell whether an answer is a page that the bar can be put into."""
    return (
        status == 200  # noqa: PLR2004
        and headers.get("Content-Type", "").lower().startswith("text/html")
        and headers.get("Content-Encoding", "").lower() in _READABLE
    )


def mark_etag(headers: CIMultiDict[str], route: Route) -> None:
    """Give the page with the bar a tag of its own, so that an old bar is never taken for fresh."""
    etag = headers.get("ETag", "")
    if etag.endswith('"'):
        weak = etag if etag.startswith("W/") else f"W/{etag}"
        headers["ETag"] = f'{weak[:-1]}-gr{route.bar_mark}"'


def make_room(headers: CIMultiDict[str], *, site: str, script_url: str) -> str | None:
    """Loosen the page's own policy for our script, what it asks for, and the main site's frame alone.

    Returns the nonce that the script tag must carry, if this policy knows no addresses.
    """
    framed = False
    nonce: str | None = None
    policies: list[str] = []
    for line in headers.popall("Content-Security-Policy", []):
        for policy in line.split(","):
            if not policy.strip():
                continue
            directives = _read(policy)
            framed = framed or "frame-ancestors" in directives
            _allow_frame(directives, site)
            nonce = _allow_script(directives, script_url, nonce)
            _allow_data(directives, script_url.replace(SCRIPT_PATH, DATA_PATH))
            policies.append(_write(directives))
    frame_options = headers.popall("X-Frame-Options", [])
    if frame_options and not framed:
        own = "'self' " if "same" in frame_options[0].lower() else ""
        policies.append(f"frame-ancestors {own}{site}")
    for policy in policies:
        headers.add("Content-Security-Policy", policy)
    return nonce


def _read(policy: str) -> dict[str, list[str]]:
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        words = directive.split()
        if words:
            directives.setdefault(words[0].lower(), words[1:])  # the first one counts, as in browsers
    return directives


def _write(directives: dict[str, list[str]]) -> str:
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())


def _allow_frame(directives: dict[str, list[str]], site: str) -> None:
    if "frame-ancestors" in directives:
        directives["frame-ancestors"] = [*_without_none(directives["frame-ancestors"]), site]


def _allow_script(directives: dict[str, list[str]], script_url: str, nonce: str | None) -> str | None:
    for name in ("script-src-elem", "script-src", "default-src"):
        if name in directives:
            break
    else:
        return nonce
    sources = _without_none(directives[name])
    if "'strict-dynamic'" in sources:  # addresses count for nothing there, and inline code is off anyway
        nonce = nonce or secrets.token_urlsafe(16)
        extra = f"'nonce-{nonce}'"
    else:  # a nonce would switch off the page's own 'unsafe-inline'
        extra = script_url
    directives["script-src-elem"] = [*sources, extra]
    return nonce


def _allow_data(directives: dict[str, list[str]], data_url: str) -> None:
    for name in ("connect-src", "default-src"):
        if name in directives:
            directives["connect-src"] = [*_without_none(directives[name]), data_url]
            return


def _without_none(sources: list[str]) -> list[str]:
    return [source for source in sources if source.lower() != "'none'"]


async def with_bar(chunks: Chunks, encoding: str, end: bytes) -> AsyncIterator[bytes]:
    """Yield a page as it comes, then the bar.

    At the end and not before `</body>`: nothing has to be held back or searched for, and HTML says that what
    follows the body belongs to it.
    """
    encoding = encoding.lower()
    if encoding in {"", "identity"}:
        async for chunk in chunks:
            yield chunk
    else:
        inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32 if "gzip" in encoding else zlib.MAX_WBITS)
        async for chunk in chunks:
            if plain := inflate.decompress(chunk):
                yield plain
        if rest := inflate.flush():
            yield rest
    yield end
