"""The installation itself looks through a door of its own: no questions, no bar, and no visit."""

import stat

import aiohttp
from aiohttp import web


async def page(_request):
    return web.Response(
        text="<p>hello",
        content_type="text/html",
    )


HEADERS = {"Host": "one.preview.localhost:8001", "Accept": "text/html", "Sec-Fetch-Dest": "document"}


class TestOwnDoor:
    def test_shows_a_private_page_without_its_bar(self, house):
        async def scenario(house):
            await house.instance("one", page, access="private", bar={"title": "T", "acceptUrl": "http://x/"})
            path = str(house.installation.gateway_socket)
            async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as own:
                async with own.get("http://one.preview.localhost:8001/", headers=HEADERS) as answer:
                    assert (answer.status, await answer.text()) == (200, "<p>hello")
                async with own.get("http://nowhere.preview.localhost:8001/") as answer:
                    assert answer.status == 404
            async with house.ask("one", headers=HEADERS) as answer:
                assert answer.status == 302
            assert house.questions("person") == house.questions("visits") == []

        house.run(scenario)

    def test_wakes_nothing(self, house):
        async def scenario(house):
            runner = await house.instance("one", page)
            await runner.cleanup()
            house.routes["one"].update(state="asleep", socket=None)
            path = str(house.installation.gateway_socket)
            browser = {**HEADERS, "User-Agent": "Mozilla/5.0 Chrome/150"}

            async with (
                aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as own,
                own.get("http://one.preview.localhost:8001/", headers=browser) as answer,
            ):
                assert answer.status == 503
            assert house.questions("wake") == []

        house.run(scenario)

    def test_is_for_nobody_else(self, house):
        async def scenario(house):
            mode = house.installation.gateway_socket.stat().st_mode
            assert stat.S_ISSOCK(mode)
            assert stat.S_IMODE(mode) == 0o600

        house.run(scenario)
