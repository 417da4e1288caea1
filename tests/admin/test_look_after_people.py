"""Accounts of the installation: found, changed one by one or together, shut at once, deleted with their things kept."""

import pytest
from sqlalchemy import select

from app.accounts.models import ApiKey, User
from app.accounts.operations import issue_token, user_of_token
from app.core import db
from app.core.audit import AuditEntry
from app.organizations.models import Invitation, Membership, Role
from app.organizations.permissions import role_in
from app.requests.models import ProductRequest
from tests.support.people import PASSWORD


def fresh(user: User) -> User:
    db.session.expire_all()
    return db.session.get(User, user.id)


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.created_at)))


class TestFind:
    def test_everybody_by_name(self, people, olga, browse):
        page = browse(olga).get("/admin/users").text

        assert all(name in page for name in ("Ada Admin", "Bob Builder", "Eve Elsewhere", "Olga Operator"))

    @pytest.mark.parametrize(
        ("query", "fits"),
        [
            ("q=BUILD", ["Bob Builder"]),
            ("q=eve%40", ["Eve Elsewhere"]),
            ("isAdmin=true", ["Olga Operator"]),
            ("active=false", []),
            ("q=%25", []),
        ],
    )
    def test_is_narrowed(self, people, olga, api, query, fits):
        token, _ = issue_token(olga)

        answer = api("GET", f"/admin/users?{query}", token)

        assert [one["name"] for one in answer.json["data"]] == fits
        assert answer.json["meta"]["total"] == len(fits)

    def test_a_key_sees_those_of_its_organization(self, people, key, api):
        answer = api("GET", "/admin/users?limit=2&page=2", key)

        assert [one["name"] for one in answer.json["data"]] == ["Rae Requester", "Vic Viewer"]
        assert answer.json["meta"] == {"page": 2, "limit": 2, "total": 4, "totalPages": 2}
        assert api("GET", f"/admin/users/{people.eve.id}", key).status_code == 404

    def test_an_account_says_where_it_belongs(self, people, key, api):
        answer = api("GET", f"/admin/users/{people.bob.id}", key)

        assert {name: answer.json["data"][name] for name in ("email", "isAdmin", "active")} == {
            "email": "bob@example.com",
            "isAdmin": False,
            "active": True,
        }
        assert answer.json["data"]["organizations"] == [
            {"id": str(people.organization.id), "name": "Acme", "slug": "acme", "role": "developer"}
        ]

    def test_is_for_the_operator_alone(self, people, api, browse):
        key = people.key(people.ada)

        assert api("GET", "/admin/users", key).status_code == 403
        assert api("GET", f"/admin/users/{people.bob.id}", key).status_code == 404
        assert browse(people.ada).get("/admin/users").status_code == 403
        assert browse(people.ada).get(f"/admin/users/{people.bob.id}").status_code == 404


class TestInvite:
    def test_shows_the_link_at_once(self, people, olga, browse):
        sent = {
            "organization_id": str(people.organization.id),
            "email": "nia@example.com",
            "role": "developer",
        }

        answer = browse(olga).post("/admin/users", sent)

        assert answer.status_code == 201
        assert "http://greenroom.test/invitations/" in answer.text
        made = db.session.scalars(select(Invitation)).one()
        assert (made.email, made.role) == ("nia@example.com", Role.DEVELOPER)

    def test_keeps_what_was_typed(self, people, olga, browse):
        sent = {"organization_id": str(people.organization.id), "email": "nia", "role": "developer"}

        answer = browse(olga).post("/admin/users", sent)

        assert answer.status_code == 422
        assert 'value="nia"' in answer.text


class TestShut:
    def test_ends_sessions_tokens_and_keys_at_once(self, people, olga, browse, api):
        browser, key = browse(people.bob), people.key(people.bob)
        token, _ = issue_token(people.bob)

        answer = browse(olga).post(f"/admin/users/{people.bob.id}", {"active": "false"})

        assert answer.status_code == 303
        assert browser.get("/profile").location.startswith("/sign-in")
        assert api("GET", "/profile", key).status_code == 401
        assert user_of_token(token) is None
        assert (
            browse().post("/sign-in", {"email": "bob@example.com", "password": PASSWORD}).status_code == 422
        )

    def test_opened_again_it_lets_in_but_old_keys_and_sessions_stay_ended(self, people, olga, browse, api):
        browser, key = browse(people.bob), people.key(people.bob)
        operator = browse(olga)
        operator.post(f"/admin/users/{people.bob.id}", {"active": "false"})

        operator.post(f"/admin/users/{people.bob.id}", {"active": "true"})

        assert fresh(people.bob).is_active
        assert browser.get("/profile").status_code == 302
        assert api("GET", "/profile", key).status_code == 401
        assert (
            browse().post("/sign-in", {"email": "bob@example.com", "password": PASSWORD}).status_code == 303
        )
        assert acts()[-3:] == ["user.deactivated", "user.activated", "session.opened"]

    def test_leaves_somebody_to_administer_the_installation(self, people, olga, browse):
        answer = browse(olga).post(f"/admin/users/{olga.id}", {"active": "false"})

        assert answer.status_code == 422
        assert "Somebody has to administer this installation." in answer.text
        assert fresh(olga).is_active

    def test_leaves_somebody_to_administer_each_organization(self, people, key, api):
        answer = api("PUT", f"/admin/users/{people.ada.id}", key, json={"active": False})

        assert answer.status_code == 409
        assert "nobody would administer Acme" in answer.json["message"]
        assert fresh(people.ada).is_active

    def test_a_yes_that_waited_for_them_falls_to_the_admins(self, people, olga, browse):
        from app.projects import operations as projects
        from app.projects.models import StartPolicy
        from app.projects.queries import approver_of

        project = people.project()
        projects.edit_project(
            project, by=people.ada, start_policy=StartPolicy.APPROVED, approver_id=people.bob.id
        )

        browse(olga).post(f"/admin/users/{people.bob.id}", {"active": "false"})

        db.session.expire_all()
        assert approver_of(project) is None


class TestChange:
    def test_renames(self, people, key, api):
        answer = api("PUT", f"/admin/users/{people.bob.id}", key, json={"name": "Bob the Builder"})

        assert answer.json["data"]["name"] == "Bob the Builder"
        assert fresh(people.bob).name == "Bob the Builder"
        assert acts()[-1] == "user.renamed"

    def test_makes_an_admin_and_takes_it_back(self, people, olga, browse):
        operator = browse(olga)

        operator.post(f"/admin/users/{people.bob.id}", {"is_admin": "true"})
        assert fresh(people.bob).is_admin
        operator.post(f"/admin/users/{people.bob.id}", {"is_admin": "false"})

        assert not fresh(people.bob).is_admin
        assert acts()[-2:] == ["user.made_admin", "user.unmade_admin"]

    def test_a_key_makes_no_admin_of_all_organizations(self, people, key, api):
        answer = api("PUT", f"/admin/users/{people.bob.id}", key, json={"isAdmin": True})

        assert answer.status_code == 403
        assert not fresh(people.bob).is_admin

    def test_a_key_does_not_reach_who_belongs_elsewhere_as_well(self, people, key, api):
        with db.transaction():
            db.session.add(Membership(user=people.bob, organization=people.elsewhere, role=Role.VIEWER))
        db.session.expire_all()

        answer = api("PUT", f"/admin/users/{people.bob.id}", key, json={"active": False})

        assert answer.status_code == 403
        assert fresh(people.bob).is_active

    def test_keeps_the_last_admin(self, people, olga, browse):
        answer = browse(olga).post(f"/admin/users/{olga.id}", {"is_admin": "false"})

        assert answer.status_code == 422
        assert fresh(olga).is_admin

    def test_members_and_strangers_do_not_find_it(self, people, browse):
        for user in (people.ada, people.eve):
            answer = browse(user).post(f"/admin/users/{people.bob.id}", {"active": "false"})
            assert answer.status_code == 404
        assert fresh(people.bob).is_active


class TestTogether:
    def test_changes_all(self, people, olga, browse):
        chosen = [str(people.bob.id), str(people.vic.id)]

        answer = browse(olga).post("/admin/users/changes", {"userIds": chosen, "active": "false"})

        assert answer.status_code == 303
        assert not fresh(people.bob).is_active
        assert not fresh(people.vic).is_active

    def test_or_none(self, people, key, api):
        chosen = [str(people.bob.id), str(people.ada.id)]

        answer = api("PATCH", "/admin/users", key, json={"userIds": chosen, "active": False})

        assert answer.status_code == 409
        assert fresh(people.bob).is_active
        assert "user.deactivated" not in acts()

    def test_not_when_one_is_not_there(self, people, key, api):
        chosen = [str(people.bob.id), str(people.eve.id)]

        answer = api("PATCH", "/admin/users", key, json={"userIds": chosen, "active": False})

        assert answer.status_code == 404
        assert fresh(people.bob).is_active

    def test_at_most_a_hundred(self, people, key, api):
        chosen = [str(people.bob.id)] * 101

        answer = api("PATCH", "/admin/users", key, json={"userIds": chosen, "active": False})

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "userIds"]

    def test_says_why_nobody_was_changed(self, people, olga, browse):
        answer = browse(olga).post("/admin/users/changes", {"active": "false"})

        assert answer.status_code == 422
        assert "Nobody was changed" in answer.text

    def test_cannot_take_all_admins_away(self, people, olga, browse):
        with db.transaction():
            people.bob.is_admin = True

        chosen = [str(people.bob.id), str(olga.id)]
        answer = browse(olga).post("/admin/users/changes", {"userIds": chosen, "isAdmin": "false"})

        assert answer.status_code == 422
        assert fresh(people.bob).is_admin
        assert fresh(olga).is_admin


class TestDelete:
    def test_leaves_what_was_asked_for_to_a_former_member(self, people, olga, browse):
        request = people.request(by=people.rae)

        answer = browse(olga).post(f"/admin/users/{people.rae.id}/removal")

        assert answer.status_code == 303
        gone = fresh(people.rae)
        assert (gone.name, gone.password_hash, gone.is_active) == ("A former member", None, False)
        assert "rae" not in gone.email
        assert db.session.get(ProductRequest, request.id).requester.name == "A former member"
        assert role_in(gone, people.organization.id) is None
        assert acts()[-1] == "user.deleted"

    def test_takes_away_what_let_them_in(self, people, olga, browse, api):
        key, browser = people.key(people.bob), browse(people.bob)

        browse(olga).post(f"/admin/users/{people.bob.id}/removal")

        assert api("GET", "/profile", key).status_code == 401
        assert browser.get("/profile").status_code == 302
        assert db.session.scalars(select(ApiKey).where(ApiKey.user_id == people.bob.id)).all() == []
        assert "Bob Builder" not in browse(people.ada).get("/acme/members").text
        assert browse(olga).get(f"/admin/users/{people.bob.id}").status_code == 404

    def test_hands_over_what_was_asked_for(self, people, key, api):
        request = people.request(by=people.rae)

        answer = api("DELETE", f"/admin/users/{people.rae.id}?successorId={people.bob.id}", key)

        assert answer.status_code == 204
        db.session.expire_all()
        here = db.session.get(ProductRequest, request.id)
        assert (here.requester_id, here.turn_user_id) == (people.bob.id, people.bob.id)

    def test_names_only_somebody_of_the_same_organization(self, people, olga, browse):
        people.request(by=people.rae)

        answer = browse(olga).post(
            f"/admin/users/{people.rae.id}/removal", {"successor_id": str(people.eve.id)}
        )

        assert answer.status_code == 422
        assert "Eve Elsewhere does not belong to Acme." in answer.text
        assert fresh(people.rae).erased_at is None

    def test_says_before_what_becomes_of_their_things(self, people, olga, browse):
        people.request(by=people.rae)

        page = browse(olga).get(f"/admin/users/{people.rae.id}").text

        assert "They asked for 1 request." in page
        assert "they stay a former member" in page
        assert "Bob Builder" in page
        assert "Eve Elsewhere" not in page

    def test_keeps_the_last_admins(self, people, olga, browse, api, key):
        assert browse(olga).post(f"/admin/users/{olga.id}/removal").status_code == 422
        assert api("DELETE", f"/admin/users/{people.ada.id}", key).status_code == 409
        assert fresh(people.ada).erased_at is None

    def test_lets_the_address_be_used_again(self, people, olga, browse):
        browse(olga).post(f"/admin/users/{people.rae.id}/removal")

        assert people.make("Rae Again").email == "rae@example.com"

    def test_members_and_strangers_do_not_find_it(self, people, browse):
        for user in (people.ada, people.eve):
            assert browse(user).post(f"/admin/users/{people.bob.id}/removal").status_code == 404
        assert fresh(people.bob).erased_at is None
