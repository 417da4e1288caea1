import asyncio
import gzip
import io
import json

from aiohttp import web


async def echo(request: web.BaseRequest) -> web.Response:
    """Tell what arrived."""
    body = await request.read()
    told = {
        "method": request.method,
        "path": request.raw_path,
        "headers": [[name, value] for name, value in request.headers.items()],
        "size": len(body),
        "body": body[:200].decode("latin-1"),
    }
    return web.json_response(told)


def header(told, name):
    return [value for key, value in told["headers"] if key.lower() == name.lower()]


class TestProxyRequest:
    def test_keeps_method_path_and_body(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            async with house.ask("one", "/a%2Fb//c?x=%20&y=1", method="PUT", data=b"hello") as answer:
                told = json.loads(await answer.read())

            assert answer.status == 200
            assert (told["method"], told["path"], told["body"]) == ("PUT", "/a%2Fb//c?x=%20&y=1", "hello")

        house.run(scenario)

    def test_keeps_the_host_and_says_who_asked(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            async with house.ask("one", headers={"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "gopher",
                                                 "Forwarded": "for=1.2.3.4"}) as answer:  # fmt: skip
                told = json.loads(await answer.read())

            assert header(told, "Host") == ["one.preview.localhost:8001"]
            assert header(told, "X-Forwarded-Host") == ["one.preview.localhost:8001"]
            assert header(told, "X-Forwarded-For") == ["10.9.8.7, 127.0.0.1"]
            assert header(told, "X-Forwarded-Proto") == ["http"]
            assert header(told, "Forwarded") == []

        house.run(scenario)

    def test_drops_hop_by_hop_headers_both_ways(self, house):
        async def upstream(request):
            told = await echo(request)
            told.headers["Connection"] = "X-Inner"
            told.headers["X-Inner"] = "1"
            told.headers["Proxy-Authenticate"] = "Basic"
            told.headers["X-Kept"] = "yes"
            return told

        async def scenario(house):
            await house.instance("one", upstream)
            async with house.ask("one", headers={"Connection": "X-Private", "X-Private": "1", "TE": "trailers",
                                                 "X-Kept": "1"}) as answer:  # fmt: skip
                told = json.loads(await answer.read())

            assert [header(told, name) for name in ("X-Private", "TE", "X-Kept")] == [[], [], ["1"]]
            assert "X-Inner" not in answer.headers
            assert "Proxy-Authenticate" not in answer.headers
            assert answer.headers["X-Kept"] == "yes"

        house.run(scenario)

    def test_passes_no_header_of_its_own_making(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            async with house.ask(
                "one", skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding")
            ) as answer:
                told = json.loads(await answer.read())

            names = {name.lower() for name, _ in told["headers"]}
            assert names == {"host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}

        house.run(scenario)

    def test_names_no_type_for_a_body_that_came_without(self, house):
        async def scenario(house):
            await house.instance("one", echo)
            async with house.ask(
                "one", method="POST", data=b"a=1", skip_auto_headers=("Content-Type",)
            ) as answer:
                told = json.loads(await answer.read())

            assert (header(told, "Content-Type"), header(told, "Content-Length")) == ([], ["3"])
            assert told["body"] == "a=1"

        house.run(scenario)

    def test_leaves_encoded_bodies_alone(self, house):
        packed = gzip.compress(b"x" * 1000)

        async def upstream(request):
            assert await request.read() == packed
            return web.Response(
                body=packed, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}
            )

        async def scenario(house):
            await house.instance("one", upstream)
            async with house.ask(
                "one", method="POST", data=packed, headers={"Content-Encoding": "gzip"}
            ) as answer:
                assert answer.status == 200
                assert answer.headers["Content-Encoding"] == "gzip"
                assert await answer.read() == packed

        house.run(scenario)

    def test_passes_redirects_on(self, house):
        async def upstream(_request):
            return web.Response(status=302, headers={"Location": "/elsewhere"})

        async def scenario(house):
            await house.instance("one", upstream)
            async with house.ask("one") as answer:
                assert (answer.status, answer.headers["Location"]) == (302, "/elsewhere")

        house.run(scenario)

    def test_answers_head_with_the_length_and_no_body(self, house):
        async def upstream(request):
            assert request.method == "HEAD"
            return web.Response(headers={"Content-Length": "12345"})

        async def scenario(house):
            await house.instance("one", upstream)
            for _ in range(2):  # twice: the kept connection must still be in step
                async with house.ask("one", method="HEAD") as answer:
                    assert answer.headers["Content-Length"] == "12345"
                    assert await answer.read() == b""

        house.run(scenario)

    def test_streams_events_before_the_end(self, house):
        more = asyncio.Event

        async def scenario(house):
            go_on = more()

            async def upstream(request):
                response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
                await response.prepare(request)
                await response.write(b"data: 1\n\n")
                await go_on.wait()
                await response.write(b"data: 2\n\n")
                return response

            await house.instance("one", upstream)
            async with house.ask("one") as answer:
                first = await answer.content.readuntil(b"\n\n")
                go_on.set()
                rest = await answer.content.read()

            assert (first, rest) == (b"data: 1\n\n", b"data: 2\n\n")

        house.run(scenario)

    def test_streams_a_large_upload_as_it_comes(self, house):
        async def scenario(house):
            seen = asyncio.Event()

            async def upstream(request):
                size = len(await request.content.readany())
                seen.set()
                async for chunk in request.content.iter_any():
                    size += len(chunk)
                return web.Response(text=str(size))

            async def body():
                yield b"a" * 100_000
                await asyncio.wait_for(seen.wait(), 5)  # upstream has some of it before we are done
                for _ in range(200):
                    yield b"b" * 100_000

            await house.instance("one", upstream)
            async with house.ask("one", method="POST", data=body()) as answer:
                assert await answer.text() == "20100000"
            async with house.ask(
                "one", method="POST", data=io.BytesIO(b"c" * 5_000_000), expect100=True
            ) as answer:
                assert await answer.text() == "5000000"

        house.run(scenario)

    def test_passes_a_large_download_whole(self, house):
        content = bytes(range(256)) * 40_000

        async def upstream(_request):
            return web.Response(body=content)

        async def scenario(house):
            await house.instance("one", upstream)
            async with house.ask("one") as answer:
                assert await answer.read() == content

        house.run(scenario)

    def test_never_passes_half_an_answer_for_a_whole_one(self, house):
        async def upstream(request):
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"half")
            await asyncio.sleep(0.05)
            request.transport.abort()
            return response

        async def scenario(house):
            from aiohttp import ClientError

            await house.instance("one", upstream)
            try:
                async with house.ask("one") as answer:
                    await answer.read()
            except ClientError:
                return
            raise AssertionError("a broken answer looked whole")

        house.run(scenario)

    def test_lets_the_instance_go_when_the_visitor_leaves(self, house):
        async def scenario(house):
            left = asyncio.Event()

            async def upstream(request):
                response = web.StreamResponse()
                await response.prepare(request)
                await response.write(b"first")
                try:
                    for _ in range(1000):
                        await asyncio.sleep(0.02)
                        if request.transport is None or request.transport.is_closing():
                            left.set()
                            return response
                finally:
                    left.set()
                return response

            await house.instance("one", upstream)
            answer = await house.ask("one")
            await answer.content.readany()
            answer.close()

            await asyncio.wait_for(left.wait(), 5)

        house.run(scenario)

    def test_keeps_cookies_on_their_own_host(self, house):
        async def upstream(_request):
            response = web.Response()
            response.headers.add("Set-Cookie", "a=1; Domain=preview.localhost; Path=/; HttpOnly")
            response.headers.add("Set-Cookie", "b=2; domain=.localhost")
            response.headers.add("Set-Cookie", "gr_preview=forged; Path=/")
            return response

        async def scenario(house):
            await house.instance("one", upstream)
            async with house.ask("one") as answer:
                assert answer.headers.getall("Set-Cookie") == ["a=1; Path=/; HttpOnly", "b=2"]

        house.run(scenario)

    def test_takes_our_cookie_and_key_out(self, house):
        async def scenario(house):
            await house.instance("one", echo, access="private")
            house.people.add(("ada", "p1"))
            ours = house.cookie("one")["Cookie"]
            async with house.ask("one", headers={"Cookie": f"a=1; {ours}; b=2"}) as answer:
                told = json.loads(await answer.read())
            assert header(told, "Cookie") == ["a=1; b=2"]

            async with house.ask("one", headers={"Cookie": ours}) as answer:
                told = json.loads(await answer.read())
            assert header(told, "Cookie") == []

            house.keys.add(("sesame", "p1"))
            async with house.ask("one", headers={"X-Greenroom-Key": "sesame"}) as answer:
                told = json.loads(await answer.read())
            assert header(told, "X-Greenroom-Key") == []
            assert "sesame" not in json.dumps(told)

        house.run(scenario)

    def test_writes_headers_that_are_not_utf8(self, house):
        async def scenario(house):
            async def raw(reader, writer):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 2\r\n\r\nok")
                await writer.drain()
                writer.close()

            path = str(house.installation.run / "raw.sock")
            server = await asyncio.start_unix_server(raw, path)
            house.routes["one"] = {"label": "one", "kind": "instance", "state": "running", "socket": path,
                                   "access": "public", "version": 1}  # fmt: skip
            async with house.ask("one") as answer:
                assert answer.status == 200
                assert await answer.read() == b"ok"
            server.close()

        house.run(scenario)

    def test_answers_502_when_the_instance_talks_nonsense(self, house):
        async def scenario(house):
            async def raw(reader, writer):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"I am no web server\r\n\r\n")
                await writer.drain()
                writer.close()

            path = str(house.installation.run / "raw.sock")
            server = await asyncio.start_unix_server(raw, path)
            house.routes["one"] = {"label": "one", "kind": "instance", "state": "running", "socket": path,
                                   "access": "public", "version": 1, "status_url": "http://localhost:8000/r/1"}  # fmt: skip
            async with house.ask("one", headers={"Accept": "application/json"}) as answer:
                told = json.loads(await answer.read())
                assert (answer.status, told["code"], told["type"]) == (502, 502, "bad_gateway")
                assert "http://localhost:8000/r/1" in told["message"]
            server.close()

        house.run(scenario)

    def test_never_repeats_a_write_that_may_have_happened(self, house):
        async def scenario(house):
            count = 0

            async def raw(reader, writer):
                nonlocal count
                await reader.readuntil(b"\r\n\r\n")
                count += 1
                writer.close()

            path = str(house.installation.run / "raw.sock")
            server = await asyncio.start_unix_server(raw, path)
            house.routes["one"] = {"label": "one", "kind": "instance", "state": "running", "socket": path,
                                   "access": "public", "version": 1}  # fmt: skip
            async with house.ask("one", method="POST") as answer:
                assert answer.status == 502
            assert count == 1
            server.close()

        house.run(scenario)
