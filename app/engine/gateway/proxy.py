"""Passes HTTP on to an instance, both ways as it streams, and back."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping

import aiohttp
from aiohttp import hdrs, web
from aiohttp.typedefs import LooseHeaders
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
_PLAIN_CONNECTION = {"", "keep-alive", "close", "upgrade"}  # these name no header that _HOP does not
_NOT_UPSTREAM = _HOP | {
    "expect", "forwarded", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port",
    KEY_HEADER.lower(), TOKEN_HEADER.lower(),
}  # fmt: skip


class Unreachable(Exception):
    """Nobody took the request: it may be put again."""


class Broken(Exception):
    """The instance took the request and gave no proper answer."""


class _AsTold(aiohttp.ClientRequest):
    """A request with the visitor's headers and none that the client would put in for them."""

    _skip_auto_headers = CIMultiDict[None](
        [("User-Agent", None), ("Accept", None), ("Accept-Encoding", None), ("Content-Type", None)]
    )

    def update_headers(self, headers: LooseHeaders | None) -> None:
        """Take them as they are; whoever speaks HTTP/1.0 may have named no host."""
        self.headers = CIMultiDict(headers or ())
        self.headers.setdefault(hdrs.HOST, "instance")

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        """Add none: what to skip is said above, once for all requests."""


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
            request_class=_AsTold,
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
    kept = _without(_NOT_UPSTREAM, request.headers)
    if hdrs.COOKIE in kept:
        shared = installation.shares_host
        told = [cookies.for_app(value, route.label, shares_host=shared) for value in kept.popall(hdrs.COOKIE)]
        if any(told):
            kept[hdrs.COOKIE] = "; ".join(filter(None, told))
    before = kept.get(hdrs.X_FORWARDED_FOR)
    remote = request.remote or "127.0.0.1"
    kept[hdrs.X_FORWARDED_FOR] = f"{before}, {remote}" if before else remote
    kept[hdrs.X_FORWARDED_PROTO] = installation.scheme
    kept[hdrs.X_FORWARDED_HOST] = request.host
    return kept


def incoming(headers: Mapping[str, str], route: Route, installation: Installation) -> CIMultiDict[str]:
    """Return the instance's headers as the visitor may see them."""
    kept = _without(_HOP, headers)
    if not all(map(str.isascii, kept.values())):
        kept = CIMultiDict([(name, _writable(value)) for name, value in kept.items()])
    if hdrs.SET_COOKIE in kept:
        for cookie in kept.popall(hdrs.SET_COOKIE):
            for own in cookies.for_browser(cookie, route.label, shares_host=installation.shares_host):
                kept.add(hdrs.SET_COOKIE, own)
    return kept


def _without(names: frozenset[str], headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Copy headers without these names, and without those that the sender meant for the next hop alone."""
    named = headers.get(hdrs.CONNECTION, "").lower()
    if named not in _PLAIN_CONNECTION:
        names = names | {token.strip() for token in named.split(",")}
    kept = CIMultiDict(headers)
    for name in names.intersection(map(str.lower, headers)):
        del kept[name]
    return kept


def _writable(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


async def pass_on(
    request: web.BaseRequest, route: Route, upstreams: Upstreams, installation: Installation
) -> web.StreamResponse:
    """Put the request to the instance and stream its answer back."""
    headers = outgoing(request, route, installation)
    is_document = bar.is_document(request)
    is_pointing = is_document and bool(pointing.goal_of(request))
    with_bar = is_pointing or (is_document and route.bar is not None)
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
            # A small one has mostly come together with its headers.
            whole = answer.content.read_nowait() if answer.content.is_eof() else await answer.read()
            return web.Response(status=status, reason=reason, headers=headers, body=whole)
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
