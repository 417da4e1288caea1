"""Where somebody is signed in: listed, ended one by one or all but this one, and told apart from a page left open."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts import operations
from app.accounts.models import SignIn
from app.accounts.queries import SIGN_IN_DAYS, sign_ins_of
from app.core.clock import now
from app.core.db import session, transaction
from tests.support.people import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/131.0 Safari/537.36 Edg/131.0"
A_PAGE = {"Accept": "text/html,application/xhtml+xml"}


def signed_in(user) -> list[SignIn]:
    session.expire_all()
    return list(session.scalars(sign_ins_of(user)))


def enter(browser, user_agent: str = FIREFOX):
    sent = {"email": "rae@example.com", "password": PASSWORD}
    return browser.post("/sign-in", sent, headers={"User-Agent": user_agent})


def look(user, browser, path: str = "/profile", **headers: str) -> bool:
    """Tell whether a visit, two minutes after the one before, is noted as one."""
    with transaction():
        session.execute(update(SignIn).values(last_seen_at=now() - timedelta(minutes=2)))
    browser.get(path, headers={**A_PAGE, **headers})
    return now() - signed_in(user)[0].last_seen_at < timedelta(minutes=1)


class TestSignIns:
    def test_begin_at_the_door_with_what_the_browser_is(self, people, browse):
        assert enter(browse(), EDGE).status_code == 303

        begun = signed_in(people.rae)

        assert [(each.browser, each.system, each.address) for each in begun] == [
            ("Edge", "Windows", "127.0.0.1")
        ]

    def test_are_listed_with_this_one(self, people, browse):
        here, elsewhere = browse(), browse()
        enter(here)
        enter(elsewhere, EDGE)

        page = here.get("/profile/sessions").text

        assert "Edge on Windows" in page
        assert page.index("Firefox on Linux") < page.index("This one")
        assert page.count("This one") == 1

    def test_say_so_where_the_browser_is_unknown(self, people, browse):
        browser = browse()
        enter(browser, "curl/8.5")

        assert "An unknown browser" in browser.get("/profile/sessions").text

    def test_end_when_somebody_signs_out(self, people, browse):
        browser = browse(people.rae)

        browser.post("/sign-out")

        assert signed_in(people.rae) == []

    def test_of_one_browser_make_no_second_when_it_signs_in_again(self, people, browse):
        browser = browse()

        enter(browser)
        enter(browser)

        assert len(signed_in(people.rae)) == 1

    def test_run_out(self, people, browse):
        browser = browse(people.rae)
        with transaction():
            session.execute(
                update(SignIn).values(last_seen_at=now() - timedelta(days=SIGN_IN_DAYS, minutes=1))
            )

        assert browser.get("/profile").status_code == 302
        enter(browse())

        assert len(session.scalars(select(SignIn)).all()) == 1

    def test_are_nobody_s_who_was_deactivated(self, people, browse):
        browser = browse(people.rae)
        with transaction():
            people.rae.deactivated_at = now()

        assert browser.get("/profile").status_code == 302


class TestLastSeen:
    def test_is_noted_by_a_visit(self, people, browse):
        assert look(people.rae, browse(people.rae))

    def test_is_noted_once_a_minute(self, people, browse):
        browser = browse(people.rae)
        before = signed_in(people.rae)[0].last_seen_at

        browser.get("/profile", headers=A_PAGE)

        assert signed_in(people.rae)[0].last_seen_at == before

    @pytest.mark.parametrize(
        "headers", [{"HX-Request": "true"}, {"Accept": "*/*"}, {"Accept": "application/json"}]
    )
    def test_is_not_moved_by_a_page_that_asks_by_itself(self, people, browse, headers):
        assert not look(people.rae, browse(people.rae), **headers)

    def test_is_not_moved_by_asking_for_a_status(self, people, browse):
        request = people.request(by=people.rae)

        assert not look(people.rae, browse(people.rae), f"/api/requests/{request.id}/preview/status")


class TestEndOne:
    def test_signs_that_browser_out_and_no_other(self, people, browse):
        here, elsewhere = browse(people.rae), browse(people.rae)
        other = signed_in(people.rae)[0]

        answer = here.post(f"/profile/sessions/{other.id}/removal")

        assert (answer.status_code, answer.location) == (303, "/profile/sessions")
        assert elsewhere.get("/profile").status_code == 302
        assert elsewhere.get("/api/users/me").status_code == 401
        assert here.get("/profile").status_code == 200

    def test_is_nobody_elses(self, people, browse):
        browse(people.rae)
        one = signed_in(people.rae)[0]

        for other in (people.ada, people.eve):
            assert browse(other).post(f"/profile/sessions/{one.id}/removal").status_code == 404
        assert [each.id for each in signed_in(people.rae)] == [one.id]


class TestEndOthers:
    def test_keeps_this_one_and_ends_tokens(self, people, browse, api):
        token, _ = operations.issue_token(people.rae)
        here, elsewhere = browse(people.rae), browse(people.rae)

        answer = here.post("/profile/sessions/removal")

        assert answer.status_code == 303
        assert here.get("/profile").status_code == 200
        assert elsewhere.get("/profile").status_code == 302
        assert api("GET", "/users/me", token).status_code == 401
        assert len(signed_in(people.rae)) == 1

    def test_leaves_keys_and_other_people_alone(self, people, browse, api):
        key, bobs = people.key(people.rae), browse(people.bob)

        browse(people.rae).post("/profile/sessions/removal")

        assert api("GET", "/users/me", key).status_code == 200
        assert bobs.get("/profile").status_code == 200


class TestByPrograms:
    def test_lists_and_ends(self, people, browse, api):
        key = people.key(people.rae)
        enter(browse())
        browser = browse(people.rae)

        listed = api("GET", "/sessions?limit=1", key).json
        ended = api("DELETE", f"/sessions/{listed['data'][0]['id']}", key)

        assert listed["meta"]["total"] == 2
        assert set(listed["data"][0]) == {"id", "browser", "system", "address", "createdAt", "lastSeenAt"}
        assert ended.status_code == 204
        assert browser.get("/profile").status_code == 302
        assert api("DELETE", "/sessions", key).status_code == 204
        assert signed_in(people.rae) == []

    def test_needs_the_scope_to_write(self, people, api):
        assert api("DELETE", "/sessions", people.key(people.rae, "read")).status_code == 403
