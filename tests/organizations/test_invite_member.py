import re
from datetime import timedelta

import pytest

from app.accounts.queries import user_by_email
from app.core.clock import now
from app.core.db import session, transaction
from app.organizations import operations
from app.organizations.models import Invitation, Role
from app.organizations.permissions import role_in
from app.organizations.queries import belongs
from tests.support.people import PASSWORD
from tests.support.together import together

NEW = {"name": "Nia New", "email": "nia@example.com", "password": "correct horse battery"}


@pytest.fixture
def invite(people):
    """Invite somebody in Ada's name and return the invitation and the path of its link."""

    def invite(**more):
        invitation, url = operations.invite(people.organization, by=people.ada, **more)
        return invitation, url.removeprefix("http://greenroom.test")

    return invite


class TestInvite:
    def test_shows_a_link_for_each_address_at_once(self, people, browse):
        sent = {"emails": "nia@example.com, Nora@Example.com\n nia@example.com", "role": "developer"}

        answer = browse(people.ada).post("/acme/invitations", sent)

        links = set(re.findall(r"http://greenroom\.test/invitations/[\w-]+", answer.text))
        assert answer.status_code == 201
        assert len(links) == 2
        assert "nora@example.com" in answer.text

    def test_makes_one_open_link_without_an_address(self, people, browse):
        answer = browse(people.ada).post("/acme/invitations", {"emails": "", "role": "viewer"})

        assert answer.status_code == 201
        assert "For whoever has the link" in answer.text
        assert "<svg" in answer.text.partition('class="qr"')[2][:200]

    def test_makes_none_when_one_address_is_wrong(self, people, browse):
        browser = browse(people.ada)

        answer = browser.post("/acme/invitations", {"emails": "nia@example.com nonsense", "role": "viewer"})

        assert answer.status_code == 422
        assert "nonsense: This is no e-mail address" in answer.text
        assert 'id="invitations"' not in browser.get("/acme/members").text

    def test_refuses_who_belongs_already(self, people, browse):
        answer = browse(people.ada).post("/acme/invitations", {"emails": "bob@example.com", "role": "viewer"})

        assert answer.status_code == 422
        assert "belongs to Acme already" in answer.text

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        answer = browse(getattr(people, who)).post("/acme/invitations", {"emails": "", "role": "viewer"})

        assert answer.status_code == status

    def test_gives_a_fresh_link_and_ends_the_old(self, people, browse, invite):
        invitation, old = invite()

        answer = browse(people.ada).post(f"/acme/invitations/{invitation.id}/link")

        fresh = re.search(r"/invitations/[\w-]{30,}(?=\")", answer.text)[0]
        assert browse().get(fresh).status_code == 200
        assert browse().get(old).status_code == 404

    def test_takes_back(self, people, browse, invite):
        invitation, path = invite()

        answer = browse(people.ada).post(f"/acme/invitations/{invitation.id}/revocation")

        assert answer.status_code == 303
        page = browse().get(path)
        assert page.status_code == 410
        assert "was taken back" in page.text
        assert browse().post(path, NEW).status_code == 410

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 404)])
    def test_is_taken_back_by_admins(self, people, browse, invite, who, status):
        invitation, _ = invite()

        for step in ("revocation", "link"):
            answer = browse(getattr(people, who)).post(f"/acme/invitations/{invitation.id}/{step}")
            assert answer.status_code == status


class TestFind:
    @pytest.fixture
    def all_kinds(self, people, invite):
        for email in ("nia@example.com", "nora@example.com", "nils@example.org"):
            invite(email=email)
        taken_back, _ = invite(email="gone@example.org")
        operations.revoke(taken_back, by=people.ada)
        expired, _ = invite(email="late@example.org")
        with transaction():
            expired.expires_at = now() - timedelta(days=1)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", {"nia", "nora", "nils", "gone", "late"}),
            ("?status=pending", {"nia", "nora", "nils"}),
            ("?status=revoked", {"gone"}),
            ("?status=expired", {"late"}),
            ("?status=accepted", set()),
            ("?email=EXAMPLE.org", {"nils", "gone", "late"}),
            ("?email=n%25", set()),
            ("?status=pending&email=no", {"nora"}),
        ],
    )
    def test_narrows_the_list(self, people, api, all_kinds, query, found):
        answer = api(
            "GET", f"/organizations/{people.organization.id}/invitations{query}", people.key(people.vic)
        )

        assert {each["email"].partition("@")[0] for each in answer.json["data"]} == found

    def test_refuses_a_state_that_there_is_not(self, people, api):
        answer = api(
            "GET", f"/organizations/{people.organization.id}/invitations?status=lost", people.key(people.vic)
        )

        assert answer.status_code == 422

    def test_shows_what_is_open_and_all_when_asked(self, people, browse, all_kinds):
        browser = browse(people.ada)

        usual = browser.get("/acme/members").text
        every = browser.get("/acme/members?status=all").text
        one = browser.get("/acme/members?invited_email=nora").text

        assert "late@example.org" in usual
        assert "gone@example.org" not in usual
        assert "gone@example.org" in every
        assert "nora@example.com" in one
        assert "nia@example.com" not in one

    def test_turns_the_page_with_the_filter_kept(self, people, browse, invite, monkeypatch):
        monkeypatch.setattr("app.organizations.views.members.PAGE", 2)
        for number in range(3):
            invite(email=f"n{number}@example.com")

        page = browse(people.ada).get("/acme/members?status=pending").text

        assert "status=pending&amp;invited_page=2" in page


class TestAccept:
    def test_says_who_invites_to_what_before_it_asks(self, people, browse, invite):
        _, path = invite(role=Role.DEVELOPER)

        page = browse().get(path).text

        assert page.index("Ada Admin invites you to Acme") < page.index('name="password"')
        assert "You come in as Developer." in page

    def test_makes_an_account_and_comes_in(self, people, browse, invite):
        invitation, path = invite(role=Role.DEVELOPER)
        browser = browse()

        answer = browser.post(path, NEW)

        assert (answer.status_code, answer.location) == (303, "/acme")
        assert role_in(user_by_email("nia@example.com"), people.organization.id) is Role.DEVELOPER
        assert browser.get("/acme/members").status_code == 200
        assert invitation.accepted_by_id is not None

    def test_works_once(self, people, browse, invite):
        _, path = invite()
        browse().post(path, NEW)

        assert browse().post(path, {**NEW, "email": "nora@example.com"}).status_code == 410
        assert user_by_email("nora@example.com") is None

    def test_comes_in_with_the_account_one_has(self, people, browse, invite):
        _, path = invite()
        browser = browse(people.eve)
        assert "Join as Eve Elsewhere" in browser.get(path).text

        answer = browser.post(f"{path}/acceptance")

        assert answer.location == "/acme"
        assert role_in(people.eve, people.organization.id) is Role.REQUESTER

    def test_is_only_for_the_address_it_names(self, people, browse, invite):
        _, path = invite(email="nia@example.com")
        eve = browse(people.eve)

        assert "you are signed in as eve@example.com" in eve.get(path).text
        assert eve.post(f"{path}/acceptance").status_code == 403
        assert browse().post(path, {**NEW, "email": "eve2@example.com"}).status_code == 403

    def test_is_for_another_address_too_where_it_says_so(self, people, browse, invite):
        _, path = invite(email="nia@example.com", any_email=True)

        assert "readonly" not in browse().get(path).text.partition('name="email"')[2][:200]
        assert browse().post(path, {**NEW, "email": "nia@home.example"}).status_code == 303
        assert user_by_email("nia@home.example") is not None

    def test_is_taken_by_one_of_several_in_the_same_moment(self, people, invite):
        invitation, _ = invite()
        everybody = [people.make(f"N{number} New").id for number in range(4)]
        invitation_id, kind = invitation.id, type(people.ada)
        session.commit()

        def take(user_id):
            return lambda: operations.accept(
                session.get(Invitation, invitation_id), by=session.get(kind, user_id)
            )

        ends = together(*(take(each) for each in everybody))

        assert ends == ["conflict", "conflict", "conflict", "done"]
        joined = [each for each in everybody if belongs(session.get(kind, each), people.organization.id)]
        assert joined == [session.get(Invitation, invitation_id).accepted_by_id]

    def test_sends_who_has_an_account_to_the_door(self, people, browse, invite):
        _, path = invite(email="eve@example.com")

        page = browse().get(path).text

        assert f"/sign-in?next={path}" in page
        assert 'name="password"' not in page

    def test_says_to_a_member_that_they_belong(self, people, browse, invite):
        _, path = invite()

        assert "You belong to Acme already" in browse(people.bob).get(path).text
        assert browse(people.bob).post(f"{path}/acceptance").status_code == 409

    def test_does_not_take_an_account_over(self, people, browse, invite):
        _, path = invite()

        answer = browse().post(path, {**NEW, "email": "bob@example.com"})

        assert answer.status_code == 422
        assert "There is an account with this e-mail already" in answer.text


class TestByPrograms:
    def test_invites_several_at_once_or_nobody(self, people, api):
        key, base = people.key(people.ada), f"/organizations/{people.organization.id}/invitations"

        made = api("POST", f"{base}/batch", key, json={"emails": ["nia@example.com", "NORA@example.com"]})
        refused = api("POST", f"{base}/batch", key, json={"emails": ["nils@example.com", "nonsense"]})

        assert made.status_code == 201
        assert [each["email"] for each in made.json["data"]] == ["nia@example.com", "nora@example.com"]
        assert len({each["url"] for each in made.json["data"]}) == 2
        assert refused.status_code == 422
        assert "nonsense" in refused.json["errors"][0]["msg"]
        assert api("GET", base, key).json["meta"]["total"] == 2

    def test_walks_the_whole_way(self, people, api):
        key, base = people.key(people.ada), f"/organizations/{people.organization.id}/invitations"

        made = api("POST", base, key, json={"email": "nia@example.com", "role": "viewer"})
        invitation = made.json["data"]
        shown = api("GET", f"/invitations/token/{invitation['token']}").json["data"]
        accepted = api(
            "POST",
            f"/invitations/token/{invitation['token']}/accept",
            json={"name": "Nia", "email": "nia@example.com", "password": PASSWORD},
        )

        assert made.status_code == 201
        assert invitation["url"].endswith(invitation["token"])
        assert (shown["valid"], shown["organization"]["slug"], shown["invitedBy"]["name"]) == (
            True,
            "acme",
            "Ada Admin",
        )
        assert accepted.json["data"]["role"] == "viewer"
        listed = api("GET", base, key).json
        assert listed["data"][0]["status"] == "accepted"
        assert "url" not in listed["data"][0]
        assert api("GET", f"/invitations/token/{invitation['token']}").json["data"]["valid"] is False

    def test_accepts_as_the_caller(self, people, api, invite):
        _, path = invite()

        answer = api(
            "POST",
            f"/invitations/token/{path.rpartition('/')[2]}/accept",
            people.key(people.eve, organization=people.elsewhere),
        )

        assert answer.status_code == 200
        assert answer.json["data"]["user"]["name"] == "Eve Elsewhere"

    def test_asks_a_new_person_for_what_is_needed(self, people, api, invite):
        _, path = invite()

        answer = api("POST", f"/invitations/token/{path.rpartition('/')[2]}/accept", json={"name": "Nia"})

        assert (answer.status_code, answer.json["type"]) == (422, "invalid")

    def test_revokes_and_resends(self, people, api, invite):
        invitation, _ = invite()
        key = people.key(people.ada)

        fresh = api("POST", f"/invitations/{invitation.id}/resend", key).json["data"]
        revoked = api("DELETE", f"/invitations/{invitation.id}", key)

        assert fresh["status"] == "pending"
        assert revoked.json["data"]["status"] == "revoked"
        assert api("POST", f"/invitations/{invitation.id}/resend", key).status_code == 409

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 404)])
    def test_is_for_admins(self, people, api, invite, who, status):
        invitation, _ = invite()
        user = getattr(people, who)
        key = people.key(user, organization=people.elsewhere if who == "eve" else None)

        assert (
            api("POST", f"/organizations/{people.organization.id}/invitations", key, json={}).status_code
            == status
        )
        assert api("DELETE", f"/invitations/{invitation.id}", key).status_code == status
        assert api("POST", f"/invitations/{invitation.id}/resend", key).status_code == status

    def test_invites_as_admin_of_the_installation(self, people, api):
        people.ada.is_admin = True
        body = {
            "email": "nia@example.com",
            "organizationId": str(people.organization.id),
            "role": "developer",
        }

        answer = api("POST", "/admin/users", people.key(people.ada), json=body)

        assert answer.status_code == 201
        assert answer.json["data"]["url"].startswith("http://greenroom.test/invitations/")
        assert (
            api("POST", "/admin/users", people.key(people.ada, "read", "write"), json=body).status_code == 403
        )
        assert api("POST", "/admin/users", people.key(people.bob), json=body).status_code == 403
