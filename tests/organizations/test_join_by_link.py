import re
from datetime import timedelta

import pytest

from app.accounts.queries import user_by_email
from app.core.clock import now
from app.core.db import session
from app.core.errors import Invalid
from app.organizations import operations, queries
from app.organizations.models import JoinLink, Role
from app.organizations.permissions import role_in
from tests.support.people import PASSWORD
from tests.support.together import together

NEW = {"name": "Nia New", "email": "nia@example.com", "password": PASSWORD}


@pytest.fixture
def link(people):
    """Make a link in Ada's name; returns it and its path."""

    def make(**more):
        made, url = operations.make_join_link(people.organization, by=people.ada, **more)
        return made, url.removeprefix("http://greenroom.test")

    return make


class TestMake:
    def test_shows_the_link_with_its_code_this_once(self, people, browse):
        browser = browse(people.ada)
        sent = {"role": "developer", "most_uses": "3", "days": "2", "domain": "@Example.com"}

        answer = browser.post("/acme/join-links", sent)

        address = re.search(r"http://greenroom\.test/join/[\w-]+", answer.text)[0]
        kept = session.query(JoinLink).one()
        assert answer.status_code == 201
        assert "<svg" in answer.text.partition('class="qr"')[2][:200]
        assert (kept.role, kept.most_uses, kept.domain) == (Role.DEVELOPER, 3, "example.com")
        assert now() + timedelta(days=1) < kept.expires_at < now() + timedelta(days=3)
        assert address.rpartition("/")[2] not in browser.get("/acme/members").text

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"most_uses": "0"}, "greater than or equal to 1"),
            ({"most_uses": "many"}, "valid integer"),
            ({"domain": "no domain"}, "Only what stands after the @"),
            ({"role": "admin"}, "makes no admins"),
        ],
    )
    def test_says_what_does_not_hold_and_keeps_it(self, people, browse, sent, said):
        answer = browse(people.ada).post("/acme/join-links", {"days": "5", **sent})

        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="5"' in answer.text
        assert session.query(JoinLink).count() == 0

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, link, who, status):
        made, _ = link()
        browser = browse(getattr(people, who))

        assert browser.post("/acme/join-links", {}).status_code == status
        assert browser.post(f"/acme/join-links/{made.id}/end").status_code == status
        assert session.get(JoinLink, made.id).ended_at is None

    def test_makes_no_admin_even_past_the_form(self, people):
        with pytest.raises(Invalid):
            operations.make_join_link(people.organization, by=people.ada, role=Role.ADMIN)


class TestComeIn:
    def test_makes_an_account(self, people, browse, link):
        made, path = link(role=Role.DEVELOPER)
        browser = browse()
        assert "You come in as Developer." in browser.get(path).text

        answer = browser.post(path, NEW)

        assert (answer.status_code, answer.location) == (303, "/acme")
        assert role_in(user_by_email("nia@example.com"), people.organization.id) is Role.DEVELOPER
        assert session.get(JoinLink, made.id).uses == 1

    def test_takes_the_account_one_has(self, people, browse, link):
        _, path = link()
        browser = browse(people.eve)
        assert "Join as Eve Elsewhere" in browser.get(path).text

        assert browser.post(f"{path}/acceptance").location == "/acme"

        assert role_in(people.eve, people.organization.id) is Role.REQUESTER

    def test_counts_nobody_twice(self, people, browse, link):
        made, path = link()

        answer = browse(people.bob).post(f"{path}/acceptance")

        assert answer.status_code == 409
        assert session.get(JoinLink, made.id).uses == 0
        assert "You belong to Acme already" in browse(people.bob).get(path).text

    def test_keeps_to_its_mail_domain(self, people, browse, link):
        _, path = link(domain="acme.example")

        refused = browse().post(path, NEW)

        assert refused.status_code == 422
        assert "at acme.example alone" in refused.text
        assert user_by_email("nia@example.com") is None
        assert browse(people.eve).post(f"{path}/acceptance").status_code == 403
        assert browse().post(path, {**NEW, "email": "nia@acme.example"}).status_code == 303

    def test_is_full_one_day(self, people, browse, link):
        _, path = link(most_uses=1)
        browse().post(path, NEW)

        answer = browse().post(path, {**NEW, "email": "nora@example.com"})

        assert answer.status_code == 410
        assert "As many people as this link was for" in answer.text
        assert user_by_email("nora@example.com") is None

    def test_ends(self, people, browse, link):
        made, path = link()

        answer = browse(people.ada).post(f"/acme/join-links/{made.id}/end")

        assert answer.status_code == 303
        page = browse().get(path)
        assert (page.status_code, "This link was ended." in page.text) == (410, True)
        assert browse().post(path, NEW).status_code == 410

    def test_runs_out(self, people, browse, link):
        made, path = link()
        made.expires_at = now() - timedelta(seconds=1)
        session.commit()

        assert "This link ran out." in browse().get(path).text

    def test_is_unknown_where_there_is_none(self, browse, people):
        assert browse().get("/join/nothing").status_code == 404

    def test_lets_in_as_many_as_it_is_for_in_the_same_moment(self, people, link):
        made, _ = link(most_uses=2)
        everybody = [people.make(f"N{number} New").id for number in range(4)]
        link_id, kind = made.id, type(people.ada)
        session.commit()

        def come(user_id):
            return lambda: operations.come_in(session.get(JoinLink, link_id), by=session.get(kind, user_id))

        ends = together(*(come(each) for each in everybody))

        assert ends == ["conflict", "conflict", "done", "done"]
        assert session.get(JoinLink, link_id).uses == 2
        assert (
            sum(queries.belongs(session.get(kind, each), people.organization.id) for each in everybody) == 2
        )


class TestByPrograms:
    def test_walks_the_whole_way(self, people, api):
        key, base = people.key(people.ada), f"/organizations/{people.organization.id}/join-links"

        made = api("POST", base, key, json={"role": "viewer", "mostUses": 2}).json["data"]
        shown = api("GET", f"/join-links/token/{made['token']}").json["data"]
        joined = api("POST", f"/join-links/token/{made['token']}/accept", json=NEW)
        eve = people.key(people.eve, organization=people.elsewhere)
        as_caller = api("POST", f"/join-links/token/{made['token']}/accept", eve)

        assert (shown["valid"], shown["organization"]["slug"], shown["role"]) == (True, "acme", "viewer")
        assert joined.json["data"]["role"] == "viewer"
        assert as_caller.json["data"]["user"]["name"] == "Eve Elsewhere"
        listed = api("GET", base, key).json["data"][0]
        assert (listed["status"], listed["uses"], listed["mostUses"]) == ("used_up", 2, 2)
        assert not {"url", "token"} & set(listed)

    def test_ends(self, people, api, link):
        made, path = link()
        address = f"/organizations/{people.organization.id}/join-links/{made.id}"

        answer = api("DELETE", address, people.key(people.ada))

        assert answer.json["data"]["status"] == "ended"
        assert api("GET", f"/join-links/token/{path.rpartition('/')[2]}").json["data"]["valid"] is False

    def test_asks_a_new_person_for_what_is_needed(self, people, api, link):
        _, path = link()

        answer = api("POST", f"/join-links/token/{path.rpartition('/')[2]}/accept", json={"name": "Nia"})

        assert (answer.status_code, answer.json["type"]) == (422, "invalid")

    def test_is_unknown_where_there_is_none(self, api, people):
        assert api("GET", "/join-links/token/nothing").status_code == 404
