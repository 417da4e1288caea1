import asyncio

import pytest
from aiohttp import ClientError, WSMsgType, web
from aiohttp.client_exceptions import WSServerHandshakeError


async def echo(request):
    socket = web.WebSocketResponse(protocols=("vite-hmr",), max_msg_size=0, autoping=False, compress=False)
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT and message.data.startswith("close"):
            await socket.close(code=4001, message=b"as you wish")
        elif message.type is WSMsgType.TEXT and message.data.startswith("header "):
            await socket.send_str(request.headers.get(message.data.removeprefix("header "), "-"))
        elif message.type is WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data)
        elif message.type is WSMsgType.PING:
            await socket.pong(b"upstream:" + message.data)
    return socket


class TestProxyWebSocket:
    def test_carries_texts_bytes_and_large_frames(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            async with house.socket("one", "/ws?x=1", max_msg_size=0) as socket:
                await socket.send_str("grüß dich")
                assert await socket.receive_str() == "grüß dich"
                await socket.send_bytes(b"\x00\xff")
                assert await socket.receive_bytes() == b"\x00\xff"
                await socket.send_bytes(b"x" * 8_000_000)
                assert len(await socket.receive_bytes()) == 8_000_000

        house.run(scenario)

    def test_keeps_subprotocol_and_origin(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            own = "http://one.preview.localhost:8001"
            async with house.socket(
                "one", protocols=("other", "vite-hmr"), headers={"Origin": own}
            ) as socket:
                assert socket.protocol == "vite-hmr"
                await socket.send_str("header Origin")
                assert await socket.receive_str() == own
                await socket.send_str("header Host")
                assert await socket.receive_str() == "one.preview.localhost:8001"

        house.run(scenario)

    def test_passes_pings_through_to_the_other_end(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            async with house.socket("one", autoping=False) as socket:
                await socket.ping(b"hi")
                message = await socket.receive()
                assert (message.type, message.data) == (WSMsgType.PONG, b"upstream:hi")

        house.run(scenario)

    def test_passes_the_closing_code_from_the_instance(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            async with house.socket("one") as socket:
                await socket.send_str("close")
                message = await socket.receive()
                assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 4001, "as you wish")

        house.run(scenario)

    def test_passes_the_closing_code_from_the_visitor(self, house):
        async def scenario(house):
            closed = asyncio.get_running_loop().create_future()

            async def upstream(request):
                socket = web.WebSocketResponse()
                await socket.prepare(request)
                async for _ in socket:
                    pass
                closed.set_result(socket.close_code)
                return socket

            await house.instance("one", upstream)
            async with house.socket("one") as socket:
                await socket.close(code=4002)
            assert await asyncio.wait_for(closed, 5) == 4002

        house.run(scenario)

    def test_ends_when_the_instance_is_lost(self, house):
        async def scenario(house):
            async def upstream(request):
                socket = web.WebSocketResponse()
                await socket.prepare(request)
                request.transport.abort()
                return socket

            await house.instance("one", upstream)
            async with house.socket("one") as socket:
                message = await asyncio.wait_for(socket.receive(), 5)
                assert message.type in {WSMsgType.CLOSE, WSMsgType.CLOSED}

        house.run(scenario)

    def test_passes_a_refusal_on(self, house):
        async def upstream(_request):
            return web.Response(status=403)

        async def scenario(house):
            await house.instance("one", upstream)
            with pytest.raises(WSServerHandshakeError) as refused:
                await house.socket("one")
            assert refused.value.status == 403

        house.run(scenario)

    def test_is_private_as_the_rest(self, house):
        async def scenario(house):
            await house.instance("one", echo, access="private")
            house.routes["evil"] = {**house.routes["one"], "label": "evil", "project_id": "p2"}
            house.people.add(("ada", "p1"))
            for headers in ({}, {**house.cookie("one"), "Origin": "http://evil.preview.localhost:8001"}):
                with pytest.raises(ClientError):
                    await house.socket("one", headers=headers)
            async with house.socket("one", headers=house.cookie("one")) as socket:
                await socket.send_str("header Cookie")
                assert await socket.receive_str() == "-"

        house.run(scenario)
