import asyncio
import json

import pytest
from aiohttp import web

from app.engine.gateway import access, route_book, waking

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}


async def hello(_request):
    return web.Response(text="hello")


def asleep(house):
    house.routes["one"].update(state="asleep", socket=None)


def wakes(house, *, after=0.15):
    """Let the keeper start the instance when it is asked to."""

    async def start():
        await asyncio.sleep(after)
        await house.instance("one", hello)

    async def on_wake(_label):
        house.routes["one"]["state"] = "starting"
        house.starting = asyncio.create_task(start())

    house.on_wake = on_wake


class TestWakeInstance:
    def test_holds_the_first_requests_until_it_runs(self, house):
        async def scenario(house):
            runner = await house.instance("one", hello)
            await runner.cleanup()
            asleep(house)
            wakes(house)

            async def visit():
                async with house.ask("one", headers=PHONE) as answer:
                    return answer.status, await answer.text()

            answers = await asyncio.gather(*(visit() for _ in range(10)))

            assert answers == [(200, "hello")] * 10
            assert len(house.questions("wake")) == 1

        house.run(scenario)

    def test_shows_a_waiting_page_when_it_takes_longer(self, house, monkeypatch):
        monkeypatch.setattr(waking, "HOLD_SECONDS", 0.3)

        async def scenario(house):
            house.routes["one"] = {
                "label": "one", "kind": "instance", "state": "starting", "access": "public",
                "typical_seconds": 4.24, "status_url": "http://localhost:8000/r/1",
            }  # fmt: skip
            async with house.ask("one", headers=PHONE) as answer:
                page = await answer.text()
                assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
                assert "about 4.2 s" in page
                assert '<meta http-equiv="refresh" content="2">' in page
                assert "http://localhost:8000/r/1" in page
            async with house.ask("one", headers={"Accept": "application/json"}) as answer:
                assert json.loads(await answer.read())["type"] == "starting"

        house.run(scenario)

    @pytest.mark.parametrize(
        ("method", "headers"),
        [
            (
                "GET",
                {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
            ),
            ("GET", {"User-Agent": "Slackbot-LinkExpanding 1.0"}),
            ("GET", {"User-Agent": "WhatsApp/2.23.20.0 A"}),
            ("GET", {"User-Agent": "facebookexternalhit/1.1"}),
            ("GET", {"User-Agent": "kube-probe/1.29"}),
            ("GET", {"User-Agent": "Mozilla/5.0+(compatible; UptimeRobot/2.0)"}),
            ("GET", {**PHONE, "Sec-Purpose": "prefetch;prerender"}),
            ("GET", {**PHONE, "Purpose": "prefetch"}),
            ("HEAD", PHONE),
        ],
    )
    def test_sleeps_on_when_a_robot_looks_by(self, house, method, headers):
        async def scenario(house):
            house.routes["one"] = {"label": "one", "kind": "instance", "state": "asleep", "access": "public"}
            async with house.ask("one", method=method, headers=headers) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "60")

            assert house.questions("wake") == []

        house.run(scenario)

    @pytest.mark.parametrize("agent", ["Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "curl/8.5.0", "",
                                       "Mozilla/5.0 (iPhone) Twitter for iPhone/10.1"])  # fmt: skip
    def test_wakes_for_people_and_their_programs(self, house, agent, monkeypatch):
        monkeypatch.setattr(waking, "HOLD_SECONDS", 0.3)

        async def scenario(house):
            house.routes["one"] = {"label": "one", "kind": "instance", "state": "asleep", "access": "public"}
            async with house.ask("one", headers={"User-Agent": agent}) as answer:
                assert answer.status == 503

            assert len(house.questions("wake")) == 1

        house.run(scenario)

    def test_says_why_it_did_not_start(self, house):
        async def scenario(house):
            house.routes["one"] = {"label": "one", "kind": "instance", "state": "failed", "access": "public",
                                   "error": "DATABASE_URL is missing.", "status_url": "http://localhost:8000/r/1"}  # fmt: skip
            async with house.ask("one", headers=PHONE) as answer:
                page = await answer.text()
                assert answer.status == 502
                assert "DATABASE_URL is missing." in page
                assert "http://localhost:8000/r/1" in page

        house.run(scenario)

    def test_tells_the_keeper_who_was_visited(self, house):
        async def scenario(house):
            from app.engine.gateway import visits
            from app.engine.gateway.keeper_line import KeeperLine

            line = KeeperLine(house.installation.keeper_socket)
            book = visits.Visits(line)
            book.note("one")
            await house.kill_keeper()
            await book.flush()
            await house.open_keeper()
            await asyncio.sleep(0.3)
            await book.flush()

            await line.close()
            (told,) = house.questions("visits")
            assert list(told["visits"]) == ["one"]

        house.run(scenario)

    def test_counts_visits_but_not_robots(self, house, monkeypatch):
        from app.engine.gateway import visits

        monkeypatch.setattr(visits, "FLUSH_SECONDS", 0.05)

        async def scenario(house):
            await house.instance("one", hello)
            await house.instance("two", hello)
            async with house.ask("one", headers=PHONE):
                pass
            async with house.ask("two", headers={"User-Agent": "Slackbot 1.0"}):
                pass
            async with asyncio.timeout(5):
                while not house.questions("visits"):  # noqa: ASYNC110 - it has no event
                    await asyncio.sleep(0.01)

            assert set(house.questions("visits")[0]["visits"]) == {"one"}

        house.run(scenario)


class TestKeeperAway:
    def test_serves_what_it_knows(self, house, monkeypatch):
        monkeypatch.setattr(route_book, "FRESH_FOR", 0.2)
        monkeypatch.setattr(route_book, "RENEW_AFTER", 0.1)

        async def scenario(house):
            house.static("files", {"index.html": "files"})
            await house.instance("one", hello)
            for label in ("files", "one"):
                async with house.ask(label) as answer:
                    assert answer.status == 200
            await house.kill_keeper()
            await asyncio.sleep(route_book.FRESH_FOR + 0.1)
            for label in ("files", "one"):
                async with house.ask(label) as answer:
                    assert answer.status == 200
            async with house.ask("one", "/.greenroom/health") as answer:
                assert json.loads(await answer.read()) == {"ok": True, "keeper": False}

        house.run(scenario)

    def test_holds_the_request_until_keeper_and_instance_are_back(self, house):
        async def scenario(house):
            runner = await house.instance("one", hello)
            async with house.ask("one") as answer:
                assert answer.status == 200
            await house.kill_keeper()  # and its instances with it
            await runner.cleanup()

            async def come_back():
                await asyncio.sleep(0.4)
                house.routes["one"]["state"] = "starting"
                await house.open_keeper()
                await asyncio.sleep(0.4)
                await house.instance("one", hello)

            coming = asyncio.create_task(come_back())
            async with house.ask("one") as answer:
                assert (answer.status, await answer.text()) == (200, "hello")
            await coming

        house.run(scenario)

    def test_holds_what_it_does_not_know_and_then_says_so(self, house, monkeypatch):
        monkeypatch.setattr(route_book, "HOLD_SECONDS", 0.4)

        async def scenario(house):
            await house.kill_keeper()
            async with house.ask("one") as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "2")

        house.run(scenario)

    def test_holds_a_person_whose_verdict_ran_out(self, house, monkeypatch):
        monkeypatch.setattr(access, "PERSON_SECONDS", 0.0)

        async def scenario(house):
            house.static("one", {"index.html": "files"}, access="private")
            house.people.add(("ada", "p1"))
            async with house.ask("one", headers=house.cookie("one")) as answer:
                assert answer.status == 200
            await house.kill_keeper()

            async def come_back():
                await asyncio.sleep(0.4)
                await house.open_keeper()

            coming = asyncio.create_task(come_back())
            async with house.ask("one", headers=house.cookie("one")) as answer:
                assert answer.status == 200
            await coming

        house.run(scenario)

    def test_finds_the_new_place_when_the_old_one_is_dead(self, house):
        async def scenario(house):
            runner = await house.instance("one", hello)
            async with house.ask("one") as answer:
                assert answer.status == 200
            await runner.cleanup()

            async def other(_request):
                return web.Response(text="new")

            house.routes["one"]["version"] += 1
            await house.instance("one", other)
            async with house.ask("one") as answer:
                assert await answer.text() == "new"

        house.run(scenario)

    def test_gives_up_on_a_dead_instance_that_the_keeper_believes_in(self, house):
        async def scenario(house):
            runner = await house.instance("one", hello)
            await runner.cleanup()
            async with house.ask("one") as answer:
                assert answer.status == 502

        house.run(scenario)
