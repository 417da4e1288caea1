"""Passes HTTP on to an instance, both ways as it streams, and back."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from app.core.installation import Installation
from app.engine.gateway import bar, cookies, pointing
from app.engine.gateway.access import KEY_HEADER, TOKEN_HEADER
from app.engine.gateway.route_book import Route

log = logging.getLogger(__name__)

SMALL = 64 * 1024  # an answer up to this size is sent in one piece
BODILESS = {204, 304}

_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te",
    "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip
_NOT_UPSTREAM = _HOP | {
    "expect", "forwarded", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port",
    KEY_HEADER.lower(), TOKEN_HEADER.lower(),
}  # fmt: skip
_SKIP = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class Unreachable(Exception):
    """Nobody took the request: it may be put again."""


class Broken(Exception):
    """The instance took the request and gave no proper answer."""


class Upstreams:
    """One kept client for each instance, closed when its route goes or leads to a newer start."""

    def __init__(self) -> None:
        self._clients: dict[str, tuple[tuple[str, int], aiohttp.ClientSession]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def client(self, route: Route) -> aiohttp.ClientSession:
        """Return the client for where the route leads now."""
        place = (route.socket or "", route.version)
        kept = self._clients.get(route.label)
        if kept is not None:
            if kept[0] == place and not kept[1].closed:
                return kept[1]
            self.drop(route.label)
        session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(place[0], limit=0, keepalive_timeout=30),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_SKIP,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
            read_bufsize=256 * 1024,
        )
        self._clients[route.label] = (place, session)
        return session

    def drop(self, label: str) -> None:
        """Close what is kept for a label, once what it carries has ended."""
        kept = self._clients.pop(label, None)
        if kept is not None:
            task = asyncio.create_task(_close_when_idle(kept[1]))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close everything at once."""
        for task in self._closing:
            task.cancel()
        for _, session in self._clients.values():
            await session.close()
        self._clients.clear()


async def _close_when_idle(session: aiohttp.ClientSession) -> None:
    connector = session.connector
    try:
        while connector is not None and getattr(connector, "_acquired", None):  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(1)
    finally:
        await session.close()


def outgoing(request: web.BaseRequest, route: Route, installation: Installation) -> CIMultiDict[str]:
    """Return the headers as the instance may see them."""
    headers = request.headers
    named = headers.get("Connection", "")
    drop = _NOT_UPSTREAM
    if named and named.lower() not in {"keep-alive", "close", "upgrade"}:
        drop = drop | {token.strip().lower() for token in named.split(",")}
    kept = CIMultiDict([(name, value) for name, value in headers.items() if name.lower() not in drop])
    if "Cookie" in kept:
        shared = installation.shares_host
        told = [cookies.for_app(value, route.label, shares_host=shared) for value in kept.popall("Cookie")]
        if any(told):
            kept["Cookie"] = "; ".join(filter(None, told))
    before = kept.get("X-Forwarded-For")
    remote = request.remote or "127.0.0.1"
    kept["X-Forwarded-For"] = f"{before}, {remote}" if before else remote
    kept["X-Forwarded-Proto"] = installation.scheme
    kept["X-Forwarded-Host"] = request.host
    return kept


def incoming(headers: Any, route: Route, installation: Installation) -> CIMultiDict[str]:
    """Return the instance's headers as the visitor may see them."""
    named = headers.get("Connection")
    drop = _HOP
    if named and named.lower() not in {"keep-alive", "close"}:
        drop = drop | {token.strip().lower() for token in named.split(",")}
    kept = CIMultiDict(
        [
            (name, value if value.isascii() else _writable(value))
            for name, value in headers.items()
            if name.lower() not in drop
        ]
    )
    if "Set-Cookie" in kept:
        for cookie in kept.popall("Set-Cookie"):
            for own in cookies.for_browser(cookie, route.label, shares_host=installation.shares_host):
                kept.add("Set-Cookie", own)
    return kept


def _writable(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


async def pass_on(
    request: web.BaseRequest, route: Route, upstreams: Upstreams, installation: Installation
) -> web.StreamResponse:
    """Put the request to the instance and stream its answer back."""
    headers = outgoing(request, route, installation)
    is_pointing = bool(pointing.goal_of(request))
    with_bar = (route.bar is not None or is_pointing) and bar.is_document(request)
    if with_bar:
        bar.ask_plainly(headers, route)
    if is_pointing:
        pointing.ask_afresh(headers)
    has_body = request.body_exists
    if has_body and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    try:
        answer = await upstreams.client(route).request(
            request.method,
            URL(f"http://instance{_raw_path(request)}", encoded=True),
            headers=headers,
            data=request.content if has_body else None,
            allow_redirects=False,
        )
    except aiohttp.ClientConnectorError as trouble:
        raise Unreachable(str(trouble)) from trouble
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as trouble:
        if has_body or request.method not in {"GET", "HEAD", "OPTIONS"}:
            raise Broken(str(trouble)) from trouble
        raise Unreachable(str(trouble)) from trouble
    except (aiohttp.ClientError, UnicodeError, ValueError) as trouble:
        raise Broken(str(trouble)) from trouble
    async with answer:
        return await _send_back(request, answer, route, with_bar=with_bar, installation=installation)


def _raw_path(request: web.BaseRequest) -> str:
    raw = request.raw_path
    return raw if raw.startswith("/") else request.rel_url.raw_path_qs


async def _send_back(
    request: web.BaseRequest,
    answer: aiohttp.ClientResponse,
    route: Route,
    *,
    with_bar: bool,
    installation: Installation,
) -> web.StreamResponse:
    headers = incoming(answer.headers, route, installation)
    status, reason = answer.status, answer.reason
    body: AsyncIterator[bytes] | None = None
    if with_bar and bar.fits(status, headers):
        encoding = headers.popall("Content-Encoding", [""])[0]
        headers.popall("Content-Length", None)
        goal = pointing.goal_of(request)
        script = pointing.SCRIPT_PATH if goal else bar.SCRIPT_PATH
        script_url = f"{installation.scheme}://{request.host}{script}"
        nonce = bar.make_room(headers, site=installation.url, script_url=script_url)
        if goal:
            pointing.keep_nowhere(headers)
        else:
            bar.mark_etag(headers, route)
        end = pointing.tag(goal, nonce) if goal else bar.tag(route, nonce)
        body = bar.with_bar(answer.content.iter_any(), encoding, end)
    elif with_bar and status == 304:  # noqa: PLR2004
        bar.mark_etag(headers, route)
    bodiless = request.method == "HEAD" or status in BODILESS
    length = answer.content_length
    try:
        if body is None and not bodiless and length is not None and length <= SMALL:
            return web.Response(status=status, reason=reason, headers=headers, body=await answer.read())
        response = web.StreamResponse(status=status, reason=reason, headers=headers)
        await response.prepare(request)
        if not bodiless:
            async for chunk in body or answer.content.iter_any():
                await response.write(chunk)
        await response.write_eof()
    except aiohttp.ClientConnectionResetError:  # the visitor left
        answer.close()
        raise
    except aiohttp.ClientError as trouble:
        log.info("%s broke off in the middle: %s", route.label, trouble)
        _hang_up(request)  # an end that looks regular would pass half an answer for a whole one
        raise Broken("broke off") from trouble
    return response


def _hang_up(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.abort()
