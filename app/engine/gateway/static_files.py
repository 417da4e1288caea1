"""Serves built files as they are: no process, no way out of the directory, nothing that goes stale."""

import asyncio
import contextlib
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from email.utils import formatdate
from mimetypes import MimeTypes
from typing import BinaryIO
from urllib.parse import quote

from aiohttp import web

from app.engine.gateway import bar, pointing
from app.engine.gateway.pages import Answer
from app.engine.gateway.route_book import Route

OK = 200
WHOLE = 512 * 1024  # up to so many bytes a file is read and sent in one go
CHUNK = 256 * 1024

_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
_types = MimeTypes()
for _ending, _type in {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".md": "text/plain",
    ".txt": "text/plain",
    ".xml": "application/xml",
}.items():
    _types.add_type(_type, _ending)


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file inside the directory, and the status it is served with."""

    path: str
    facts: os.stat_result
    status: int = 200


async def serve(request: web.BaseRequest, route: Route) -> web.StreamResponse:
    """Answer one request from a directory of built files."""
    if request.method not in {"GET", "HEAD"}:
        raise Answer(
            405, "method_not_allowed", "Only reading here", "These are plain files; they can only be read.",
            headers=(("Allow", "GET, HEAD"),),
        )  # fmt: skip
    found = find(route.directory or "", request.path, spa=route.spa)
    if isinstance(found, str):
        query = f"?{request.query_string}" if request.query_string else ""
        return web.Response(status=302, headers={"Location": found + query, "Cache-Control": "no-cache"})
    if found is None:
        raise Answer(
            404, "not_found", "No such page", "There is nothing at this address.",
            link=None if request.path == "/" else "/", link_text="To the first page",
        )  # fmt: skip
    try:
        file = _open(found.path)
    except OSError as trouble:
        raise Answer(404, "not_found", "No such page", "This file is gone.") from trouble
    with file:
        return await _send(request, route, found, file)


def find(directory: str, path: str, *, spa: bool) -> Found | str | None:
    """Return the file for a path, the address to go to instead, or None."""
    if (
        os.path.realpath(directory) != directory
    ):  # work that goes on in it has put a link where the folder was
        return None
    return _find_below(directory, path, spa=spa)


def _find_below(root: str, path: str, *, spa: bool) -> Found | str | None:
    parts = [part for part in path.split("/") if part]
    if not _is_clean(parts):
        return _fallback(root, spa=False)
    plain = _file(root, *parts)
    if path.endswith("/"):
        hit = _file(root, *parts, "index.html")
        return hit or _fallback(root, spa=spa)
    if plain:
        return plain
    if parts:
        if hit := _file(root, *parts[:-1], parts[-1] + ".html"):
            return hit
        if _file(root, *parts, "index.html"):
            return "/" + "/".join(quote(part) for part in parts) + "/"
    return _fallback(root, spa=spa and "." not in (parts or [""])[-1])


def _is_clean(parts: list[str]) -> bool:
    for index, part in enumerate(parts):
        if part.startswith(".") and not (index == 0 and part == ".well-known"):
            return False
        if "\0" in part or "\\" in part:
            return False
    return True


def _file(root: str, *parts: str) -> Found | None:
    """Return the regular file at `parts`, wherever its links lead, if that is inside and not hidden."""
    with contextlib.suppress(OSError, ValueError):
        real = os.path.realpath(os.path.join(root, *parts))  # noqa: PTH118 - a hundred times faster than Path
        inside = real.startswith(root + "/") and _is_clean(real[len(root) + 1 :].split("/"))
        facts = os.stat(real)  # noqa: PTH116
        if inside and stat.S_ISREG(facts.st_mode):
            return Found(real, facts)
    return None


def _fallback(root: str, *, spa: bool) -> Found | None:
    if spa and (hit := _file(root, "index.html")):
        return hit
    hit = _file(root, "404.html")
    return Found(hit.path, hit.facts, status=404) if hit else None


def _open(path: str) -> BinaryIO:
    """Open a file where it was found, or not at all: a folder above it may have become a link meanwhile."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if os.readlink(f"/proc/self/fd/{file.fileno()}") != path:  # noqa: PTH115 - as fast as can be
        file.close()
        raise FileNotFoundError(path)
    return file


async def _send(request: web.BaseRequest, route: Route, found: Found, file: BinaryIO) -> web.StreamResponse:
    kind = _content_type(found.path, file)
    tail, goal = b"", pointing.goal_of(request)
    if found.status == OK and kind.startswith("text/html") and bar.is_document(request):
        tail = pointing.tag(goal) if goal else bar.tag(route) if route.bar else b""
    headers = _headers(route, found, kind, with_bar=bool(tail))
    if goal:
        headers["Cache-Control"] = "no-store"
    elif found.status == OK and _is_known(request, headers):
        del headers["Content-Type"]
        return web.Response(status=304, headers=headers)
    first, last, status = 0, found.facts.st_size - 1, found.status
    if not tail and status == OK:
        headers["Accept-Ranges"] = "bytes"
        wanted = _range(request, headers, found.facts.st_size)
        if wanted:
            (first, last), status = wanted, 206
            headers["Content-Range"] = f"bytes {first}-{last}/{found.facts.st_size}"
    length = last - first + 1
    headers["Content-Length"] = str(length + len(tail))
    if request.method == "HEAD":
        return web.StreamResponse(status=status, headers=headers)
    file.seek(first)
    if length <= WHOLE:
        return web.Response(status=status, headers=headers, body=file.read(length) + tail)
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    while length > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK, length))):
        await response.write(chunk)
        length -= len(chunk)
    await response.write_eof(tail)
    return response


def _headers(route: Route, found: Found, kind: str, *, with_bar: bool) -> dict[str, str]:
    headers = {
        "Content-Type": kind,
        "Cache-Control": "no-cache" if route.access == "public" else "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "ETag": _etag(route, found, with_bar=with_bar),
        "Last-Modified": formatdate(found.facts.st_mtime, usegmt=True),
    }
    if with_bar:
        headers["Vary"] = "Sec-Fetch-Dest, Accept"
    return headers


def _content_type(path: str, file: BinaryIO) -> str:
    kind = _types.guess_type(path)[0] or "application/octet-stream"
    if kind == "text/html":
        # A charset in the header would win over the page's own word.
        return kind if b"charset" in file.read(1024).lower() else f"{kind}; charset=utf-8"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _etag(route: Route, found: Found, *, with_bar: bool) -> str:
    # The directory is part of it: two builds may hold files of one size and time.
    told = (
        f"{found.path}:{found.facts.st_mtime_ns}:{found.facts.st_size}:{route.bar_mark if with_bar else ''}"
    )
    return f'"{hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:20]}"'


def _is_known(request: web.BaseRequest, headers: dict[str, str]) -> bool:
    theirs = request.headers.get("If-None-Match")
    if theirs is not None:
        tags = {tag.strip().removeprefix("W/") for tag in theirs.split(",")}
        return "*" in tags or headers["ETag"] in tags
    # Equal, not older: after a rollback the true file is the older one.
    return request.headers.get("If-Modified-Since") == headers["Last-Modified"]


def _range(request: web.BaseRequest, headers: dict[str, str], size: int) -> tuple[int, int] | None:
    """Return the first and last byte asked for, or None for the whole; 416 for a part that is not there."""
    match = _RANGE.match(request.headers.get("Range", "").replace(" ", ""))
    condition = request.headers.get("If-Range")
    if not match or match.group(0) == "bytes=-":
        return None
    if condition is not None and condition not in {headers["ETag"], headers["Last-Modified"]}:
        return None
    first, last = match.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or (not first and not int(last)):
        raise Answer(
            416, "range_not_satisfiable", "No such part", "The file is shorter than that.",
            headers=(("Content-Range", f"bytes */{size}"),),
        )  # fmt: skip
    return (start, end) if end >= start else None
