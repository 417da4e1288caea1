"""The script for pointing comes to one person with a pass, and to nobody else."""

import pytest
from aiohttp import web

from app.engine import handover

NAVIGATION = {"Sec-Fetch-Dest": "document", "Accept": "text/html,*/*"}
GOAL = "http://localhost:8000/acme/shop/requests/1/touch-up"


def passes(label="one", user="ada", project="p1", request="/acme/shop/requests/1"):
    """The cookies that a hand-over for pointing leaves."""
    who = handover.Pass(label=label, user_id=user, project_id=project, expires_at=0, points_for=request)
    return {
        "Cookie": f"{handover.COOKIE}={handover.make_cookie(who)}; other=1; "
        f"{handover.POINTING_COOKIE}={handover.make_pointing_cookie(who)}"
    }


def site(house, **more):
    house.static("one", {"index.html": "<h1>Hi</h1>", "a.css": "a{}"}, **more)


async def read(house, headers, path="/"):
    async with house.ask("one", path, headers={**NAVIGATION, **headers}) as answer:
        return answer, await answer.text()


@pytest.mark.parametrize("access", ["public", "private"])
def test_whoever_has_the_pass_gets_the_script(house, access):
    async def scenario(house):
        site(house, access=access)
        house.people.add(("ada", "p1"))

        answer, page = await read(house, passes())

        assert f'<script src="/.greenroom/pointing.js" defer data-goal="{GOAL}"></script>' in page
        assert answer.headers["Cache-Control"] == "no-store"
        async with house.ask("one", "/.greenroom/pointing.js") as script:
            assert script.status == 200
            assert "javascript" in script.headers["Content-Type"]

    house.run(scenario)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"label": "two"},
        {"project": "p2"},
        {"user": "eve"},
    ],
)
def test_nobody_else_ever_sees_it(house, wrong):
    async def scenario(house):
        site(house)
        house.people.add(("ada", "p1"))

        _, page = await read(house, passes(**wrong) if wrong else {})

        assert "script" not in page

    house.run(scenario)


def test_an_ordinary_hand_over_is_no_pass_for_it(house):
    async def scenario(house):
        site(house, access="private")
        house.people.add(("ada", "p1"))
        who = handover.Pass(label="one", user_id="ada", project_id="p1", expires_at=0, points_for="/a")
        forged = f"{handover.POINTING_COOKIE}={handover.make_cookie(who)}"
        cookies = house.cookie("one")["Cookie"]

        _, page = await read(house, {"Cookie": f"{cookies}; {forged}"})

        assert page == "<h1>Hi</h1>"

    house.run(scenario)


def test_the_hand_over_leaves_both_cookies_and_the_end_takes_one(house):
    async def scenario(house):
        site(house, access="private")
        house.people.add(("ada", "p1"))
        token = handover.issue("one", "ada", "p1", points_for="/acme/shop/requests/1")

        async with house.ask("one", f"/.greenroom/enter?token={token}&next=/a") as answer:
            cookies = answer.headers.getall("Set-Cookie")
        async with house.ask("one", "/.greenroom/pointing/end?next=//evil.org") as ended:
            gone = ended.headers["Set-Cookie"]

        assert [cookie.partition("=")[0] for cookie in cookies] == ["gr_preview", "gr_preview_pointing"]
        assert all("HttpOnly" in cookie and "Domain" not in cookie for cookie in cookies)
        assert (ended.status, ended.headers["Location"]) == (302, "/")
        assert gone.startswith("gr_preview_pointing=;")
        assert "Max-Age=0" in gone

    house.run(scenario)


def test_an_app_sees_neither_the_pass_nor_what_the_browser_remembers(house):
    seen = []

    async def app(request):
        seen.append(dict(request.headers))
        response = web.Response(text="<h1>Hi</h1>", content_type="text/html")
        response.headers.update({"ETag": '"x"', "Content-Security-Policy": "script-src 'none'"})
        response.headers.add("Set-Cookie", "gr_preview_pointing=mine")
        return response

    async def scenario(house):
        await house.instance("one", app, bar={"title": "A", "acceptUrl": "http://localhost:8000/x"})
        house.people.add(("ada", "p1"))

        answer, page = await read(house, {**passes(), "If-None-Match": '"x"'})

        assert seen[0]["Cookie"] == "other=1"
        assert "If-None-Match" not in seen[0]
        assert "pointing.js" in page
        assert "bar.js" not in page
        assert "ETag" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Security-Policy"].endswith("/.greenroom/pointing.js")

    house.run(scenario)


def test_parts_of_pages_and_files_stay_as_they_are(house):
    async def scenario(house):
        site(house)
        house.people.add(("ada", "p1"))

        _, part = await read(house, {**passes(), "Sec-Fetch-Dest": "empty"})
        _, style = await read(house, {**passes(), "Sec-Fetch-Dest": "style"}, "/a.css")

        assert (part, style) == ("<h1>Hi</h1>", "a{}")

    house.run(scenario)
