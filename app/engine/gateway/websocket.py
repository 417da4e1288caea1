"""Passes a WebSocket on to an instance: subprotocols, texts, bytes, pings and closing codes as they are."""

import asyncio
import contextlib
from collections.abc import Callable

import aiohttp
from aiohttp import WSMsgType, hdrs, web
from multidict import CIMultiDict
from yarl import URL

from app.core.installation import Installation
from app.engine.gateway.proxy import Broken, Unreachable, Upstreams, incoming, outgoing
from app.engine.gateway.route_book import Route

Side = aiohttp.ClientWebSocketResponse | web.WebSocketResponse
_ABNORMAL = {1005, 1006, 1015}  # codes that name what happened and must not be sent


def is_upgrade(request: web.BaseRequest) -> bool:
    """Tell whether the request wants to become a WebSocket."""
    return request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"


async def pass_on(
    request: web.BaseRequest,
    route: Route,
    upstreams: Upstreams,
    installation: Installation,
    on_message: Callable[[], None],
) -> web.StreamResponse:
    """Open the same WebSocket at the instance and carry every frame, until one side closes."""
    headers = outgoing(request, route, installation)
    protocols = [part.strip() for part in headers.popall("Sec-WebSocket-Protocol", []) if part.strip()]
    wanted = [name.strip() for part in protocols for name in part.split(",") if name.strip()]
    for name in [name for name in headers if name.lower().startswith("sec-websocket-")]:
        headers.popall(name, None)
    try:
        upstream = await upstreams.client(route).ws_connect(
            URL(f"http://instance{request.raw_path}", encoded=True),
            headers=headers,
            protocols=wanted,
            autoclose=False,
            autoping=False,
            max_msg_size=0,
            compress=0,
        )
    except aiohttp.WSServerHandshakeError as refusal:
        return web.Response(status=refusal.status if refusal.status >= 400 else 502)  # noqa: PLR2004
    except (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as trouble:
        raise Unreachable(str(trouble)) from trouble
    except aiohttp.ClientError as trouble:
        raise Broken(str(trouble)) from trouble
    async with upstream:
        visitor = web.WebSocketResponse(
            protocols=(upstream.protocol,) if upstream.protocol else (),
            autoclose=False,
            autoping=False,
            max_msg_size=0,
            compress=False,
        )
        told = incoming(CIMultiDict(upstream._response.headers), route, installation)  # noqa: SLF001
        for cookie in told.getall("Set-Cookie", []):
            visitor.headers.add("Set-Cookie", cookie)
        await visitor.prepare(request)
        await _carry_both_ways(visitor, upstream, on_message)
    return visitor


async def _carry_both_ways(
    visitor: web.WebSocketResponse, upstream: aiohttp.ClientWebSocketResponse, on_message: Callable[[], None]
) -> None:
    ways = {
        asyncio.create_task(_carry(visitor, upstream, on_message)),
        asyncio.create_task(_carry(upstream, visitor, None)),
    }
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _carry(source: Side, target: Side, on_message: Callable[[], None] | None) -> None:
    with contextlib.suppress(ConnectionError, aiohttp.ClientError):
        while True:
            message = await source.receive()
            if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                if on_message is not None:
                    on_message()
                if message.type is WSMsgType.TEXT:
                    await target.send_str(message.data)
                else:
                    await target.send_bytes(message.data)
            elif message.type is WSMsgType.PING:
                await target.ping(message.data)
            elif message.type is WSMsgType.PONG:
                await target.pong(message.data)
            elif message.type is WSMsgType.CLOSE:
                await _close(target, message.data or 1000, message.extra or "")
                await _close(source, message.data or 1000, message.extra or "")
                return
            elif message.type is WSMsgType.CLOSING:  # the other way is closing this side already
                return
            else:  # the line was lost without a word
                await _close(target, 1011 if message.type is WSMsgType.ERROR else 1001, "")
                return


async def _close(side: Side, code: int, reason: str) -> None:
    await side.close(code=1000 if code in _ABNORMAL else code, message=reason.encode()[:123])
