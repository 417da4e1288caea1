import asyncio
import gzip
import zlib

import pytest
from aiohttp import web
from multidict import CIMultiDict

from app.engine.gateway import bar
from app.engine.gateway.route_book import Route

BAR = {
    "requestUrl": "http://localhost:8000/acme/site/requests/1",
    "acceptUrl": "http://localhost:8000/acme/site/requests/1/acceptance?commit=abc",
    "changeUrl": "http://localhost:8000/acme/site/requests/1/change",
    "askUrl": "http://localhost:8000/acme/site/requests/1#ask",
    "title": 'A "title" <b>',
    "commit": "abc",
}
PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document"}
SITE = "http://localhost:8000"
SCRIPT = "http://one.preview.localhost:8001/.greenroom/bar.js"
DATA = "http://one.preview.localhost:8001/.greenroom/review.json"


def page(body=b"<!doctype html><body><p>hello</p></body></html>", **headers):
    async def upstream(request):
        assert request.headers["Accept-Encoding"] == "identity"
        assert "Range" not in request.headers
        told = {
            "Content-Type": "text/html; charset=utf-8",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        return web.Response(body=body, headers=told)

    return upstream


class TestPutReviewBar:
    def test_ends_a_page_with_the_bar(self, house):
        async def scenario(house):
            await house.instance("one", page(), bar=BAR)
            asked = {**PAGE, "Accept-Encoding": "gzip, br", "Range": "bytes=0-3"}
            async with house.ask("one", headers=asked) as answer:
                text = await answer.text()

            assert text.startswith("<!doctype html><body><p>hello</p>")
            assert text.count("/.greenroom/bar.js") == 1
            assert 'data-title="A &quot;title&quot; &lt;b&gt;"' in text
            assert f'data-accept="{BAR["acceptUrl"]}"' in text
            assert "Content-Length" not in answer.headers or int(answer.headers["Content-Length"]) == len(
                text
            )

        house.run(scenario)

    def test_ends_a_plain_file_with_the_bar(self, house):
        async def scenario(house):
            house.static("one", {"index.html": "<p>hello", "app.js": "1"}, bar=BAR)
            async with house.ask("one", headers=PAGE) as answer:
                body = await answer.read()
                with_bar = answer.headers["ETag"]
                assert body.startswith(b"<p>hello")
                assert b"bar.js" in body
                assert answer.headers["Content-Length"] == str(len(body))
            async with house.ask("one", headers={**PAGE, "If-None-Match": with_bar}) as answer:
                assert answer.status == 304
            house.routes["one"]["bar"] = {**BAR, "commit": "def"}
            await asyncio.sleep(0)
            async with house.ask("one", headers={"Sec-Fetch-Dest": "empty"}) as answer:
                assert await answer.read() == b"<p>hello"
                assert answer.headers["ETag"] != with_bar

        house.run(scenario)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Dest": "empty", "Accept": "text/html"},
            {"HX-Request": "true", "Accept": "text/html"},
            {"X-Requested-With": "XMLHttpRequest", "Accept": "text/html"},
            {"Accept": "*/*"},
        ],
    )
    def test_leaves_parts_of_pages_alone(self, house, headers):
        async def upstream(_request):
            return web.Response(text="<li>row</li>", content_type="text/html")

        async def scenario(house):
            await house.instance("one", upstream, bar=BAR)
            async with house.ask("one", headers=headers) as answer:
                assert await answer.text() == "<li>row</li>"

        house.run(scenario)

    def test_leaves_other_types_and_errors_alone(self, house):
        async def scenario(house):
            async def upstream(request):
                if request.path == "/json":
                    return web.json_response({})
                if request.path == "/brotli":
                    return web.Response(
                        body=b"\x0b", headers={"Content-Type": "text/html", "Content-Encoding": "br"}
                    )
                return web.Response(status=500, text="<p>broken", content_type="text/html")

            await house.instance("one", upstream, bar=BAR)
            for path, body in (("/json", b"{}"), ("/error", b"<p>broken"), ("/brotli", b"\x0b")):
                async with house.ask("one", path, headers=PAGE) as answer:
                    assert await answer.read() == body

        house.run(scenario)

    @pytest.mark.parametrize(
        ("encoding", "pack"),
        [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)],
    )
    def test_unpacks_a_page_that_came_packed_all_the_same(self, house, encoding, pack):
        async def scenario(house):
            await house.instance("one", page(pack(b"<p>hello" * 1000), Content_Encoding=encoding), bar=BAR)
            async with house.ask("one", headers=PAGE) as answer:
                body = await answer.read()
                assert "Content-Encoding" not in answer.headers
                assert body.startswith(b"<p>hello" * 1000)
                assert body.endswith(b"</script>\n")

        house.run(scenario)

    def test_streams_the_page_as_it_comes(self, house):
        async def scenario(house):
            go_on = asyncio.Event()

            async def upstream(request):
                response = web.StreamResponse(headers={"Content-Type": "text/html"})
                await response.prepare(request)
                await response.write(b"<p>first")
                await go_on.wait()
                await response.write(b"<p>last")
                return response

            await house.instance("one", upstream, bar=BAR)
            async with house.ask("one", headers=PAGE) as answer:
                assert await answer.content.readany() == b"<p>first"
                go_on.set()
                assert (await answer.content.read()).startswith(b"<p>last\n<script")

        house.run(scenario)

    def test_never_takes_an_old_bar_for_fresh(self, house):
        async def upstream(request):
            told = {"ETag": '"v1"', "Content-Type": "text/html"}
            if request.headers.get("If-None-Match") == 'W/"v1"':
                return web.Response(status=304, headers=told)
            return web.Response(text="<p>x", headers=told)

        async def scenario(house):
            await house.instance("one", upstream, bar=BAR)
            async with house.ask("one", headers=PAGE) as answer:
                etag = answer.headers["ETag"]
                assert etag.startswith('W/"v1-gr')
            async with house.ask("one", headers={**PAGE, "If-None-Match": etag}) as answer:
                assert (answer.status, answer.headers["ETag"]) == (304, etag)
            for other in ('"v1"', 'W/"v1-gr00000000"'):
                async with house.ask("one", headers={**PAGE, "If-None-Match": other}) as answer:
                    assert answer.status == 200

        house.run(scenario)

    def test_frames_are_allowed_for_the_main_site_alone(self, house):
        async def scenario(house):
            await house.instance("one", page(X_Frame_Options="DENY"), bar=BAR)
            async with house.ask("one", headers=PAGE) as answer:
                assert "X-Frame-Options" not in answer.headers
                assert answer.headers["Content-Security-Policy"] == f"frame-ancestors {SITE}"

        house.run(scenario)

    def test_keeps_its_hands_off_pages_without_a_bar(self, house):
        async def upstream(_request):
            told = {"X-Frame-Options": "DENY", "Content-Security-Policy": "default-src 'none'"}
            return web.Response(text="<p>x", content_type="text/html", headers=told)

        async def scenario(house):
            await house.instance("one", upstream)
            async with house.ask("one", headers=PAGE) as answer:
                assert await answer.text() == "<p>x"
                assert answer.headers["X-Frame-Options"] == "DENY"
                assert answer.headers["Content-Security-Policy"] == "default-src 'none'"

        house.run(scenario)


class TestMakeRoom:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("img-src *", ["img-src *"]),
            ("default-src 'none'", [f"default-src 'none'; script-src-elem {SCRIPT}; connect-src {DATA}"]),
            (
                "default-src 'self'; img-src *",
                [
                    f"default-src 'self'; img-src *; script-src-elem 'self' {SCRIPT}; connect-src 'self' {DATA}"
                ],
            ),
            (
                "script-src 'unsafe-inline'; default-src 'none'",
                [
                    f"script-src 'unsafe-inline'; default-src 'none'; "  # noqa: ISC004
                    f"script-src-elem 'unsafe-inline' {SCRIPT}; connect-src {DATA}"
                ],
            ),
            ("script-src-elem a.example", [f"script-src-elem a.example {SCRIPT}"]),
            ("Script-Src 'none'", [f"script-src 'none'; script-src-elem {SCRIPT}"]),
            ("frame-ancestors 'none'", [f"frame-ancestors {SITE}"]),
            ("frame-ancestors 'self'", [f"frame-ancestors 'self' {SITE}"]),
            ("connect-src 'none'", [f"connect-src {DATA}"]),
            (
                "connect-src b; default-src a",
                [f"connect-src b {DATA}; default-src a; script-src-elem a {SCRIPT}"],
            ),
            ("img-src a, font-src b", ["img-src a", "font-src b"]),
            ("script-src a; script-src *", [f"script-src a; script-src-elem a {SCRIPT}"]),
        ],
    )
    def test_loosens_just_so_far(self, before, after):
        headers = CIMultiDict({"Content-Security-Policy": before})

        nonce = bar.make_room(headers, site=SITE, script_url=SCRIPT)

        assert nonce is None
        assert headers.getall("Content-Security-Policy") == after

    def test_uses_a_nonce_where_addresses_count_for_nothing(self):
        headers = CIMultiDict({"Content-Security-Policy": "script-src 'nonce-abc' 'strict-dynamic'"})

        nonce = bar.make_room(headers, site=SITE, script_url=SCRIPT)

        assert nonce
        assert headers["Content-Security-Policy"].endswith(
            f"script-src-elem 'nonce-abc' 'strict-dynamic' 'nonce-{nonce}'"
        )
        assert f'nonce="{nonce}"'.encode() in bar.tag(Route("one", "static", bar=BAR), nonce)

    def test_keeps_same_origin_frames(self):
        headers = CIMultiDict({"X-Frame-Options": "SAMEORIGIN"})

        bar.make_room(headers, site=SITE, script_url=SCRIPT)

        assert headers.getall("Content-Security-Policy") == [f"frame-ancestors 'self' {SITE}"]
        assert "X-Frame-Options" not in headers
