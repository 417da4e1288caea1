import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.engine import handover
from app.engine.gateway import access

NAVIGATION = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Accept": "text/html,*/*"}


def private(house, **more):
    house.static("one", {"index.html": "<p>secret"}, access="private", **more)


class TestOpenPrivatePreview:
    def test_sends_a_browser_to_the_main_site(self, house):
        async def scenario(house):
            private(house)
            async with house.ask("one", "/a?b=1&c=2", headers=NAVIGATION) as answer:
                goal = urlsplit(answer.headers["Location"])

                assert answer.status == 302
                assert (goal.netloc, goal.path) == ("localhost:8000", "/open-preview")
                assert parse_qs(goal.query) == {"label": ["one"], "path": ["/a?b=1&c=2"]}

        house.run(scenario)

    def test_shows_the_way_in_where_a_redirect_makes_no_sense(self, house):
        async def scenario(house):
            private(house)
            for path, headers in [
                ("/", {"Accept": "text/html"}),
                ("/?greenroom=stay", NAVIGATION),
                ("/", {**NAVIGATION, "HX-Request": "true"}),
                ("/app.js", {"Sec-Fetch-Dest": "script"}),
            ]:
                async with house.ask("one", path, headers=headers) as answer:
                    page = await answer.text()
                    assert answer.status == 401
                    assert "http://localhost:8000/open-preview?label=one" in page
                    assert "secret" not in page

        house.run(scenario)

    def test_tells_a_program_in_json(self, house):
        async def scenario(house):
            private(house)
            async with house.ask("one", headers={"Accept": "application/json"}) as answer:
                told = json.loads(await answer.read())
                assert answer.status == 401
                assert (told["code"], told["type"]) == (401, "unauthenticated")
                assert told["message"] == told["detail"]
                assert set(told) == {"code", "type", "error", "message", "detail", "requestId"}

        house.run(scenario)

    def test_lets_a_person_in_by_the_hand_over(self, house):
        async def scenario(house):
            private(house)
            house.people.add(("ada", "p1"))
            token = handover.issue("one", "ada", "p1")
            async with house.ask("one", f"/.greenroom/enter?token={token}&next=/sub%3Fx=1") as answer:
                assert (answer.status, answer.headers["Location"]) == (302, "/sub?x=1")
                cookie = answer.headers["Set-Cookie"]
            assert cookie.startswith("gr_preview=")
            assert "Domain" not in cookie
            assert all(
                part in cookie for part in ("HttpOnly", "SameSite=None", "Secure", "Partitioned", "Path=/")
            )

            async with house.ask("one", headers={"Cookie": cookie.partition(";")[0]}) as answer:
                assert answer.status == 200
                assert "secret" in await answer.text()

        house.run(scenario)

    def test_leaves_a_lax_cookie_where_the_browser_would_drop_a_secure_one(self, office_house):
        async def scenario(house):
            private(house)
            token = handover.issue("one", "ada", "p1")
            async with house.ask("one", f"/.greenroom/enter?token={token}") as answer:
                assert answer.status == 302
                assert answer.headers["Set-Cookie"].endswith("; SameSite=Lax")

        office_house.run(scenario)

    def test_takes_a_token_once(self, house):
        async def scenario(house):
            private(house)
            token = handover.issue("one", "ada", "p1")
            async with house.ask("one", f"/.greenroom/enter?token={token}") as first:
                assert first.status == 302
            async with house.ask("one", f"/.greenroom/enter?token={token}") as second:
                assert second.status == 401
                assert "Set-Cookie" not in second.headers

        house.run(scenario)

    def test_takes_no_token_from_before_it_was_started(self, house):
        token = handover.issue("one", "ada", "p1")

        async def scenario(house):
            private(house)
            async with house.ask("one", f"/.greenroom/enter?token={token}") as answer:
                assert answer.status == 401

        house.run(scenario)

    @pytest.mark.parametrize(
        "make",
        [
            lambda: handover.issue("two", "ada", "p1"),
            lambda: handover.issue("one", "ada", "p2"),
            lambda: handover.issue("one", "ada", "p1") + "x",
            lambda: "garbage",
            lambda: "",
            lambda: "a.b",
        ],
        ids=["for another label", "for another project", "tampered", "garbage", "empty", "short"],
    )
    def test_refuses_a_token_that_does_not_fit(self, house, make):
        async def scenario(house):
            private(house)
            async with house.ask("one", f"/.greenroom/enter?token={make()}") as answer:
                assert answer.status == 401
                assert "Set-Cookie" not in answer.headers

        house.run(scenario)

    def test_refuses_a_token_after_a_minute(self, house):
        async def scenario(house):
            private(house)
            token = handover.issue("one", "ada", "p1")
            with time_machine.travel(time.time() + 62, tick=True):
                async with house.ask("one", f"/.greenroom/enter?token={token}") as answer:
                    assert answer.status == 401

        house.run(scenario)

    @pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1",
                                      "/a%0d%0aX:%201", "%2F%2Fevil.example"])  # fmt: skip
    def test_goes_nowhere_but_here(self, house, goal):
        async def scenario(house):
            private(house)
            token = handover.issue("one", "ada", "p1")
            async with house.ask("one", f"/.greenroom/enter?token={token}&next={goal}") as answer:
                assert (answer.status, answer.headers["Location"]) == (302, "/")

        house.run(scenario)

    def test_opens_nothing_else_with_the_cookie_of_one_label(self, house):
        async def scenario(house):
            private(house)
            house.static("two", {"index.html": "two"}, access="private")
            house.people.add(("ada", "p1"))
            async with house.ask("two", headers=house.cookie("one")) as answer:
                assert answer.status == 401
            async with house.ask("one", headers=house.cookie("one")) as answer:
                assert answer.status == 200

        house.run(scenario)

    def test_finds_the_true_cookie_beside_a_neighbours(self, house):
        async def scenario(house):
            private(house)
            house.people.add(("ada", "p1"))
            true = house.cookie("one")["Cookie"]
            async with house.ask("one", headers={"Cookie": f"gr_preview=forged; {true}"}) as answer:
                assert answer.status == 200

        house.run(scenario)

    def test_refuses_a_stranger_with_a_true_cookie(self, house):
        async def scenario(house):
            private(house)
            async with house.ask("one", headers=house.cookie("one", user="eve")) as answer:
                assert answer.status == 401

        house.run(scenario)

    def test_refuses_within_a_minute_who_lost_access(self, house, monkeypatch):
        monkeypatch.setattr(access, "PERSON_SECONDS", 0.2)
        monkeypatch.setattr(access, "PERSON_RENEW", 0.1)

        async def scenario(house):
            private(house)
            house.people.add(("ada", "p1"))
            async with house.ask("one", headers=house.cookie("one")) as answer:
                assert answer.status == 200
            house.people.clear()
            deadline = time.monotonic() + 5
            status = 200
            while status == 200 and time.monotonic() < deadline:
                async with house.ask("one", headers=house.cookie("one")) as answer:
                    status = answer.status

            assert status == 401

        house.run(scenario)

    def test_asks_the_keeper_once_for_many_requests(self, house):
        async def scenario(house):
            private(house)
            house.people.add(("ada", "p1"))
            for _ in range(20):
                async with house.ask("one", headers=house.cookie("one")) as answer:
                    assert answer.status == 200

            assert len(house.questions("person")) == 1
            assert len(house.questions("resolve")) <= 2

        house.run(scenario)

    def test_lets_a_program_in_by_its_key(self, house):
        async def scenario(house):
            private(house)
            house.keys.add(("sesame", "p1"))
            for _ in range(3):
                async with house.ask("one", headers={"X-Greenroom-Key": "sesame"}) as answer:
                    assert answer.status == 200
            async with house.ask("one", headers={"X-Greenroom-Key": "wrong"}) as answer:
                assert answer.status == 401
            assert len(house.questions("key")) == 2

        house.run(scenario)

    def test_lets_in_by_the_token_of_its_environment_which_the_app_does_not_see(self, house):
        async def scenario(house):
            await house.instance("one", _headers, access="private")
            house.tokens.add(("env_right", "one"))
            for sent in ("Bearer env_right", "env_right"):
                async with house.ask("one", headers={"X-Environment-Token": sent}) as answer:
                    assert answer.status == 200
                    assert "env_right" not in await answer.text()
            async with house.ask("one", headers={**NAVIGATION, "X-Environment-Token": "Bearer no"}) as answer:
                assert answer.status == 401
                assert "not the token of the environment" in await answer.text()
            assert len(house.questions("token")) == 2

        house.run(scenario)

    def test_tells_a_browser_that_keeps_no_cookies_instead_of_sending_it_round(self, house):
        async def scenario(house):
            private(house)
            statuses = []
            for _ in range(5):
                async with house.ask("one", headers=NAVIGATION) as answer:
                    statuses.append(answer.status)

            assert statuses == [302, 302, 302, 401, 401]

        house.run(scenario)

    def test_stops_what_another_projects_preview_does_in_the_visitors_name(self, house):
        async def scenario(house):
            await house.instance("one", _yes, access="private")
            house.routes["evil"] = {**house.routes["one"], "label": "evil", "project_id": "p2"}
            house.routes["api"] = {**house.routes["one"], "label": "api"}
            house.people.add(("ada", "p1"))
            for origin, status in [
                ("http://evil.preview.localhost:8001", 403),
                ("http://localhost:8000", 403),
                ("null", 403),
                ("http://one.preview.localhost:8001", 200),
                ("http://api.preview.localhost:8001", 200),
            ]:
                async with house.ask(
                    "one", method="POST", headers={**house.cookie("one"), "Origin": origin}
                ) as answer:
                    assert answer.status == status, origin

        house.run(scenario)


async def _headers(request):
    from aiohttp import web

    return web.Response(text=str(dict(request.headers)))


async def _yes(_request):
    from aiohttp import web

    return web.Response(text="yes")
