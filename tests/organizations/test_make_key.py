import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.accounts.models import ApiKey
from app.accounts.operations import create_api_key
from app.core.clock import now
from app.core.db import session, transaction
from app.organizations.operations import remove_member
from app.organizations.queries import member_of


class TestMakeKeyOnThePage:
    def test_shows_the_secret_this_once(self, people, browse, api):
        browser = browse(people.bob)

        answer = browser.post("/profile/keys", {"name": "laptop", "scopes": ["read", "write"]})

        secret = re.search(r"gr_[\w-]{20,}", answer.text)[0]
        assert answer.status_code == 201
        assert api("GET", "/users/me", secret).json["data"]["email"] == "bob@example.com"
        page = browser.get("/profile/keys").text
        assert "laptop" in page
        assert secret not in page

    def test_shows_the_form_again_without_a_scope(self, people, browse):
        answer = browse(people.bob).post("/profile/keys", {"name": "laptop"})

        assert answer.status_code == 422
        assert "This is needed." in answer.text

    def test_asks_for_the_organization_where_there_are_several(self, people, browse):
        from app.organizations.operations import create_organization

        create_organization("Second", by=people.bob)

        page = browse(people.bob).get("/profile/keys").text

        assert 'name="organization_id"' in page

    def test_revokes_then_deletes(self, people, browse, api):
        secret = people.key(people.bob)
        browser = browse(people.bob)
        key_id = api("GET", "/api-keys", secret).json["data"][0]["id"]

        browser.post(f"/profile/keys/{key_id}/revocation")

        assert api("GET", "/users/me", secret).status_code == 401
        assert "Revoked" in browser.get("/profile/keys").text
        browser.post(f"/profile/keys/{key_id}/removal")
        assert "No keys yet" in browser.get("/profile/keys").text

    def test_lists_those_of_a_state_by_page(self, people, browse, api):
        for number in range(31):
            create_api_key(
                people.bob, organization_id=people.organization.id, name=f"key {number}", scopes=["read"]
            )
        revoked = people.key(people.bob)
        browser = browse(people.bob)
        browser.post(f"/profile/keys/{api('GET', '/api-keys', revoked).json['data'][0]['id']}/revocation")

        first, second = browser.get("/profile/keys").text, browser.get("/profile/keys?page=2").text
        ended = browser.get("/profile/keys?status=revoked").text

        assert ("Page 1 of 2" in first, "key 30" in first, ">key 0<" in first) == (True, True, False)
        assert "key 0<" in second
        assert ("tests" in ended, "key 30" in ended) == (True, False)
        assert "None of your keys is like that." in browser.get("/profile/keys?status=expired").text

    def test_holds_until_a_day_is_over(self, people, browse):
        people.bob.time_zone = "Asia/Tokyo"
        day = (now() + timedelta(days=5)).astimezone(ZoneInfo("Asia/Tokyo")).date()

        browse(people.bob).post("/profile/keys", {"name": "x", "scopes": "read", "expires_on": str(day)})

        end = session.scalars(select(ApiKey.expires_at)).one().astimezone(ZoneInfo("Asia/Tokyo"))
        assert (end.date(), end.hour, end.minute) == (day, 23, 59)

    @pytest.mark.parametrize("day", ["2020-01-01", "soon"])
    def test_refuses_a_day_that_is_over_or_none(self, people, browse, day):
        answer = browse(people.bob).post("/profile/keys", {"name": "x", "scopes": "read", "expires_on": day})

        assert answer.status_code == 422
        assert session.scalars(select(ApiKey)).all() == []

    def test_is_nobody_elses(self, people, browse, api):
        key_id = api("GET", "/api-keys", people.key(people.bob)).json["data"][0]["id"]

        for other in (people.ada, people.eve):
            assert browse(other).post(f"/profile/keys/{key_id}/revocation").status_code == 404


class TestMakeKeyByPrograms:
    def test_gives_the_secret_with_what_the_key_is(self, people, api):
        answer = api("POST", "/api-keys", people.key(people.ada), json={"name": "ci", "scopes": ["read"]})

        key = answer.json["data"]
        assert answer.status_code == 201
        assert key["key"].startswith(key["prefix"])
        assert (key["status"], key["scopes"], key["organizationId"]) == (
            "active",
            ["read"],
            str(people.organization.id),
        )
        shown = api("GET", f"/api-keys/{key['id']}", key["key"]).json["data"]
        assert "key" not in shown

    def test_makes_none_that_can_do_more_than_itself(self, people, api):
        secret = people.key(people.ada, "read", "write")

        answer = api("POST", "/api-keys", secret, json={"name": "more", "scopes": ["admin"]})

        assert answer.status_code == 403

    def test_is_made_by_no_key_without_the_scope_to_administer(self, people, api):
        secret = people.key(people.ada, "read", "write")

        answer = api("POST", "/api-keys", secret, json={"name": "same", "scopes": ["read"]})

        assert answer.status_code == 403
        assert "scope `admin`" in answer.json["message"]

    def test_does_no_more_than_its_owner_may(self, people, api):
        key = people.key(people.vic, "read", "write", "admin")
        project = people.project()

        answer = api("POST", f"/projects/{project.id}/requests", key, json={"title": "More light"})

        assert answer.status_code == 403

    def test_opens_nothing_once_its_owner_left(self, people, api):
        key = people.key(people.bob)
        member = session.scalars(member_of(people.organization, people.bob.id)).unique().one()

        remove_member(member, by=people.ada)

        assert api("GET", "/users/me", key).status_code == 401
        assert api("GET", "/projects", key).status_code == 401

    def test_opens_nothing_while_its_owner_is_deactivated(self, people, api):
        key = people.key(people.bob)
        with transaction():
            people.bob.deactivated_at = now()

        assert api("GET", "/users/me", key).status_code == 401

    def test_lists_those_of_a_state(self, people, api):
        secret = people.key(people.ada)
        gone = api("POST", "/api-keys", secret, json={"name": "gone", "scopes": ["read"]}).json["data"]
        api("POST", f"/api-keys/{gone['id']}/revoke", secret)
        late = create_api_key(
            people.ada, organization_id=people.organization.id, name="late", scopes=["read"]
        )
        with transaction():
            late[0].expires_at = now() - timedelta(minutes=1)

        named = {
            status: [key["name"] for key in api("GET", f"/api-keys?status={status}", secret).json["data"]]
            for status in ("active", "revoked", "expired")
        }

        assert named == {"active": ["tests"], "revoked": ["gone"], "expired": ["late"]}
        assert api("GET", "/api-keys?status=lost", secret).status_code == 422

    def test_makes_none_for_a_strangers_organization(self, people, api):
        body = {"name": "x", "scopes": ["read"], "organizationId": str(people.elsewhere.id)}

        answer = api("POST", "/api-keys", people.key(people.ada), json=body)

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "organizationId"]

    @pytest.mark.parametrize("moment", ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00"])
    def test_refuses_an_end_that_is_over(self, people, api, moment):
        body = {"name": "x", "scopes": ["read"], "expiresAt": moment}

        assert api("POST", "/api-keys", people.key(people.ada), json=body).status_code == 422

    def test_revokes_and_deletes(self, people, api):
        secret = people.key(people.ada)
        made = api("POST", "/api-keys", secret, json={"name": "ci", "scopes": ["read"]}).json["data"]

        revoked = api("POST", f"/api-keys/{made['id']}/revoke", secret)

        assert revoked.json["data"]["status"] == "revoked"
        assert api("GET", "/users/me", made["key"]).status_code == 401
        assert api("DELETE", f"/api-keys/{made['id']}", secret).status_code == 200
        assert api("GET", f"/api-keys/{made['id']}", secret).status_code == 404

    def test_lists_only_those_of_the_keys_organization(self, people, api):
        from app.organizations.operations import create_organization

        second = create_organization("Second", by=people.ada)
        people.key(people.ada, organization=second)

        answer = api("GET", "/api-keys", people.key(people.ada))

        assert answer.json["meta"]["total"] == 1
