"""A share link becomes a guest's cookie of one host: no bar, no way to the main site, out soon after it is revoked."""

from app.engine.gateway import access

NAVIGATION = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Accept": "text/html,*/*"}
BAR = {"title": "#1 Hours", "requestUrl": "http://localhost:8000/acme/site/requests/1"}
STATUS = "http://localhost:8000/acme/site/requests/1/preview"


def shared(house, label="one"):
    house.static(label, {"index.html": "<p>to be seen"}, access="private", bar=BAR, status_url=STATUS)
    house.links["good", "one"] = "link-1"
    house.guests.add(("link-1", "one"))


async def enter(house, label="one", secret="good", headers=None):
    async with house.ask(label, f"/.greenroom/share?link={secret}", headers=headers) as answer:
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        return answer, {**NAVIGATION, "Cookie": cookie}


class TestEnterAsGuest:
    def test_gets_a_cookie_of_this_host_alone(self, house):
        async def scenario(house):
            shared(house)
            answer, guest = await enter(house)
            cookie = answer.headers["Set-Cookie"]

            assert (answer.status, answer.headers["Location"]) == (302, "/")
            assert "Domain" not in cookie
            assert all(part in cookie for part in ("HttpOnly", "Secure", "Partitioned", "Max-Age=3600"))
            async with house.ask("one", headers=guest) as page:
                assert (page.status, "to be seen" in await page.text()) == (200, True)

        house.run(scenario)

    def test_sees_no_bar_while_a_member_does(self, house):
        async def scenario(house):
            shared(house)
            house.people.add(("ada", "p1"))
            _, guest = await enter(house)

            async with house.ask("one", headers=guest) as page:
                assert "bar.js" not in await page.text()
            async with house.ask("one", headers={**NAVIGATION, **house.cookie("one")}) as page:
                assert "bar.js" in await page.text()

        house.run(scenario)

    def test_is_told_nothing_of_the_main_site_while_it_starts(self, house):
        async def scenario(house):
            shared(house)
            house.routes["one"] |= {"kind": "waiting", "directory": None}
            _, guest = await enter(house)

            async with house.ask("one", headers=guest) as page:
                assert page.status == 503
                assert "localhost:8000" not in await page.text()

        house.run(scenario)

    def test_does_not_open_another_preview(self, house):
        async def scenario(house):
            shared(house)
            shared(house, "two")
            answer, _ = await enter(house, "two")
            _, guest = await enter(house)

            assert answer.status == 410
            async with house.ask("two", headers={**guest, "Sec-Fetch-Dest": "script"}) as page:
                assert page.status == 401

        house.run(scenario)

    def test_is_out_within_seconds_when_it_is_revoked(self, house, monkeypatch):
        monkeypatch.setattr(access, "GUEST_LOOK_SECONDS", 0)

        async def scenario(house):
            shared(house)
            _, guest = await enter(house)
            house.links.clear()
            house.guests.clear()

            async with house.ask("one", headers={**guest, "Sec-Fetch-Dest": "script"}) as page:
                assert page.status == 401
            answer, _ = await enter(house)
            assert answer.status == 410
            assert access.GUEST_LOOK_SECONDS < 10

        house.run(scenario)

    def test_leaves_a_member_who_they_are(self, house):
        async def scenario(house):
            shared(house)
            house.people.add(("ada", "p1"))

            answer, _ = await enter(house, headers=house.cookie("one"))

            assert answer.status == 302
            assert "Set-Cookie" not in answer.headers

        house.run(scenario)


class TestWhatIsGone:
    def test_says_why_to_members_alone(self, house):
        async def scenario(house):
            house.people.add(("ada", "p1"))
            house.routes["one"] = {
                "label": "one", "kind": "gone", "access": "private", "project_id": "p1",
                "note": "Round 1 was put away.", "status_url": STATUS,
            }  # fmt: skip

            async with house.ask("one", headers=NAVIGATION) as page:
                told = await page.text()
                assert page.status == 410
                assert "Round 1" not in told
                assert "/acme/" not in told
            async with house.ask("one", headers={**NAVIGATION, **house.cookie("one")}) as page:
                told = await page.text()
                assert page.status == 410
                assert "Round 1 was put away." in told
                assert STATUS in told

        house.run(scenario)
