import pytest

from app.core.db import session
from app.organizations import operations, queries
from app.organizations.models import Organization, Role
from app.organizations.permissions import role_in
from tests.support.together import together


def held(people, name):
    return role_in(getattr(people, name), people.organization.id)


class TestMembers:
    def test_shows_everybody_to_every_member(self, people, browse):
        page = browse(people.vic).get("/acme/members").text

        assert all(name in page for name in ("Ada Admin", "Bob Builder", "Rae Requester", "Vic Viewer"))
        assert "Eve" not in page
        assert "Invite people" not in page

    def test_does_not_exist_for_a_stranger(self, people, browse):
        assert browse(people.eve).get("/acme/members").status_code == 404

    def test_gives_another_role(self, people, browse):
        answer = browse(people.ada).post(f"/acme/members/{people.vic.id}/role", {"role": "developer"})

        assert answer.status_code == 303
        assert held(people, "vic") is Role.DEVELOPER

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_changed_by_admins(self, people, browse, who, status):
        browser = browse(getattr(people, who))

        assert browser.post(f"/acme/members/{people.rae.id}/role", {"role": "admin"}).status_code == status
        assert browser.post(f"/acme/members/{people.rae.id}/removal").status_code == status
        assert held(people, "rae") is Role.REQUESTER

    def test_knows_only_its_own_members(self, people, browse):
        answer = browse(people.ada).post(f"/acme/members/{people.eve.id}/role", {"role": "viewer"})

        assert answer.status_code == 404

    def test_removes(self, people, browse):
        browse(people.ada).post(f"/acme/members/{people.vic.id}/removal")

        assert browse(people.vic).get("/acme/members").status_code == 404

    def test_lets_anybody_leave(self, people, browse):
        answer = browse(people.vic).post(f"/acme/members/{people.vic.id}/removal")

        assert (answer.status_code, answer.location) == (303, "/")

    def test_keeps_the_last_admin(self, people, browse):
        browser = browse(people.ada)

        assert browser.post(f"/acme/members/{people.ada.id}/removal").status_code == 409
        assert browser.post(f"/acme/members/{people.ada.id}/role", {"role": "viewer"}).status_code == 409

    def test_keeps_one_admin_in_the_same_moment(self, people):
        operations.change_role(
            session.scalars(queries.member_of(people.organization, people.bob.id)).one(),
            by=people.ada,
            role=Role.ADMIN,
        )
        organization_id, both = people.organization.id, (people.ada.id, people.bob.id)
        kinds = Organization, type(people.ada)
        session.commit()

        def step_down(user_id, *, leave):
            here = session.get(kinds[0], organization_id)
            member = session.scalars(queries.member_of(here, user_id)).one()
            if leave:
                operations.remove_member(member, by=session.get(kinds[1], user_id))
            else:
                operations.change_role(member, by=session.get(kinds[1], user_id), role=Role.VIEWER)

        ends = together(
            lambda: step_down(both[0], leave=True),
            lambda: step_down(both[1], leave=False),
        )

        assert ends == ["conflict", "done"]
        assert queries.admins_left(organization_id) == 1


class TestFind:
    def test_narrows_by_text_and_role(self, people, browse):
        browser = browse(people.vic)

        by_name = browser.get("/acme/members?q=bUILder").text
        by_role = browser.get("/acme/members?role=requester").text
        nobody = browser.get("/acme/members?q=eve").text

        assert "bob@example.com" in by_name
        assert "ada@example.com" not in by_name
        assert "rae@example.com" in by_role
        assert "bob@example.com" not in by_role
        assert "Nobody here fits that." in nobody

    def test_comes_in_pages(self, people, browse, monkeypatch):
        monkeypatch.setattr("app.organizations.views.members.PAGE", 2)
        browser = browse(people.vic)

        first, second = (browser.get(f"/acme/members?page={number}").text for number in (1, 2))

        assert "ada@example.com" in first
        assert "vic@example.com" not in first.partition('id="people"')[2]
        assert "vic@example.com" in second.partition('id="people"')[2]
        assert "Page 1 of 2" in first


class TestSettings:
    def test_renames(self, people, browse):
        browser = browse(people.ada)

        answer = browser.post("/acme/settings", {"name": "Acme Ltd"})

        assert answer.status_code == 303
        assert 'value="Acme Ltd"' in browser.get("/acme/settings").text

    def test_shows_the_form_again_without_a_name(self, people, browse):
        answer = browse(people.ada).post("/acme/settings", {"name": " "})

        assert answer.status_code == 422
        assert "This is needed." in answer.text

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        browser = browse(getattr(people, who))

        assert browser.get("/acme/settings").status_code == status
        assert browser.post("/acme/settings", {"name": "Mine"}).status_code == status


class TestByPrograms:
    def test_says_who_the_caller_is(self, people, api):
        answer = api("GET", "/users/me", people.key(people.bob))

        assert answer.json["data"] == {
            "id": str(people.bob.id),
            "email": "bob@example.com",
            "name": "Bob Builder",
            "isAdmin": False,
            "organizations": [
                {"id": str(people.organization.id), "name": "Acme", "slug": "acme", "role": "developer"}
            ],
        }

    def test_renames_the_caller(self, people, api):
        assert api("PUT", "/users/me", people.key(people.bob), json={"name": "B"}).json["data"]["name"] == "B"

    def test_lists_the_keys_organization(self, people, api):
        answer = api("GET", "/organizations", people.key(people.bob))

        assert [one["slug"] for one in answer.json["data"]] == ["acme"]
        assert answer.json["data"][0]["role"] == "developer"
        assert answer.json["meta"] == {"page": 1, "limit": 20, "total": 1, "totalPages": 1}

    def test_lists_people(self, people, api):
        answer = api("GET", f"/organizations/{people.organization.id}/users", people.key(people.vic))

        assert [(one["name"], one["role"]) for one in answer.json["data"]] == [
            ("Ada Admin", "admin"),
            ("Bob Builder", "developer"),
            ("Rae Requester", "requester"),
            ("Vic Viewer", "viewer"),
        ]
        assert set(answer.json["data"][0]) == {"id", "email", "name", "role", "joinedAt"}

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("?role=developer", ["Bob Builder"]),
            ("?q=rae", ["Rae Requester"]),
            ("?q=example.com&limit=1&page=2", ["Bob Builder"]),
            ("?q=%25", []),
        ],
    )
    def test_finds_people(self, people, api, query, names):
        answer = api("GET", f"/organizations/{people.organization.id}/users{query}", people.key(people.vic))

        assert [one["name"] for one in answer.json["data"]] == names

    def test_gives_roles_and_removes(self, people, api):
        base, key = f"/organizations/{people.organization.id}/users", people.key(people.ada)

        changed = api("PUT", f"{base}/{people.vic.id}", key, json={"role": "developer"})
        removed = api("DELETE", f"{base}/{people.rae.id}", key)
        last = api("DELETE", f"{base}/{people.ada.id}", key)
        left = api("DELETE", f"{base}/{people.bob.id}", people.key(people.bob))

        assert (changed.json["data"]["role"], removed.status_code, left.status_code) == (
            "developer",
            204,
            204,
        )
        assert (last.status_code, last.json["message"]) == (
            409,
            "This is the last admin. Make somebody else an admin first.",
        )
        assert [one["name"] for one in api("GET", base, key).json["data"]] == ["Ada Admin", "Vic Viewer"]

    @pytest.mark.parametrize(("who", "status"), [("ada", 200), ("bob", 403), ("eve", 404)])
    def test_is_renamed_by_admins(self, people, api, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        answer = api("PUT", f"/organizations/{people.organization.id}", key, json={"name": "New"})

        assert answer.status_code == status

    def test_does_not_exist_for_a_stranger(self, people, api):
        key = people.key(people.eve, organization=people.elsewhere)

        for path in ("", "/users", "/invitations"):
            assert api("GET", f"/organizations/{people.organization.id}{path}", key).status_code == 404
