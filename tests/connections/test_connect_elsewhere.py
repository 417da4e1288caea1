"""Connections to code hosts and deploy targets: what opens them goes in and never comes out."""

import pytest
from sqlalchemy import select, text

from app.accounts.operations import issue_token
from app.admin.operations import finish_deleting
from app.connections.models import ConnectedProject, Connection, ConnectionStatus
from app.core import db
from app.core.audit import AuditEntry

SECRET = "ghp_abcdefghijklmnop1234"


@pytest.fixture
def olga(people):
    """An admin of the whole installation."""
    with db.transaction():
        user = people.make("Olga Operator")
        user.is_admin = True
    return user


@pytest.fixture
def key(olga) -> str:
    """Olga's token, which reaches all organizations."""
    return issue_token(olga)[0]


@pytest.fixture
def made(people, key, api):
    """A connection of Acme's, as the API shows it."""
    sent = {
        "provider": "github",
        "name": "Our GitHub",
        "organizationId": str(people.organization.id),
        "credentials": {"token": SECRET},
    }
    answer = api("POST", "/admin/connections", key, json=sent)
    assert answer.status_code == 201
    return answer.json["data"]


def kept() -> Connection:
    db.session.expire_all()
    return db.session.scalars(select(Connection)).one()


class TestMake:
    def test_keeps_what_opens_it_encrypted_and_shows_only_its_end(self, people, made):
        assert made["credentials"] == [
            {"name": "token", "isSet": True, "lastFour": "1234"},
            {"name": "webhookSecret", "isSet": False, "lastFour": None},
        ]
        assert (made["status"], made["organization"]["name"]) == ("untried", "Acme")
        assert kept().credentials == {"token": SECRET}
        raw = db.session.scalar(text("SELECT credentials FROM connections"))
        assert SECRET not in raw

    def test_shows_no_end_of_what_is_short(self, key, api):
        sent = {"provider": "custom", "name": "Host", "credentials": {"password": "short"}}

        answer = api("POST", "/admin/connections", key, json=sent)

        assert answer.json["data"]["credentials"][1] == {"name": "password", "isSet": True, "lastFour": None}

    def test_no_page_and_no_log_shows_it(self, olga, key, api, made, browse):
        browser = browse(olga)
        pages = [
            browser.get("/admin/connections").text,
            browser.get(f"/admin/connections/{made['id']}").text,
            browser.get("/admin/audit.ndjson").text,
            api("GET", "/admin/connections", key).text,
        ]

        assert all("Our GitHub" in page and SECRET not in page for page in pages)

    def test_without_an_organization_it_is_the_installations(self, key, api):
        answer = api("POST", "/admin/connections", key, json={"provider": "vercel", "name": "Vercel"})

        assert answer.status_code == 201
        assert answer.json["data"]["organization"] is None

    def test_by_a_key_it_is_that_of_its_organization(self, people, olga, api):
        sent = {"provider": "vercel", "name": "Vercel"}

        answer = api("POST", "/admin/connections", people.key(olga), json=sent)

        assert answer.json["data"]["organization"]["name"] == "Acme"

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"provider": "ftp", "name": "x"}, "provider"),
            ({"provider": "github", "name": " "}, "name"),
            ({"provider": "github", "name": "x", "credentials": {"password": "y"}}, "credentials"),
            ({"provider": "custom", "name": "x", "address": "git.example.com"}, "address"),
            ({"provider": "custom", "name": "x", "address": "https://me:secret@git.example.com"}, "address"),
        ],
    )
    def test_says_what_does_not_hold(self, key, api, sent, said):
        answer = api("POST", "/admin/connections", key, json=sent)

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"][1] == said
        assert db.session.scalars(select(Connection)).all() == []

    def test_takes_each_name_once(self, key, api, made):
        sent = {
            "provider": "custom",
            "name": "our github",
            "organizationId": made["organization"]["id"],
        }

        assert api("POST", "/admin/connections", key, json=sent).status_code == 409

    def test_by_a_form_that_keeps_what_was_typed(self, olga, browse):
        answer = browse(olga).post(
            "/admin/connections", {"name": "Host", "provider": "custom", "address": "nowhere"}
        )

        assert answer.status_code == 422
        assert 'value="nowhere"' in answer.text

    def test_is_for_the_operator_alone(self, people, api, browse):
        sent = {"provider": "github", "name": "Mine"}

        assert api("POST", "/admin/connections", people.key(people.ada), json=sent).status_code == 403
        assert browse(people.ada).post("/admin/connections", sent).status_code == 403
        assert browse(people.eve).get("/admin/connections").status_code == 403
        assert db.session.scalars(select(Connection)).all() == []


class TestChange:
    def test_keeps_what_is_not_named(self, key, api, made):
        sent = {"name": "GitHub", "credentials": {"webhookSecret": "a secret of hooks"}}

        answer = api("PATCH", f"/admin/connections/{made['id']}", key, json=sent)

        assert answer.json["data"]["name"] == "GitHub"
        assert kept().credentials == {"token": SECRET, "webhookSecret": "a secret of hooks"}

    def test_takes_away_what_is_null_and_has_to_be_tried_again(self, key, api, made):
        with db.transaction():
            kept().status = ConnectionStatus.WORKING

        api("PATCH", f"/admin/connections/{made['id']}", key, json={"credentials": {"token": None}})

        assert kept().credentials == {}
        assert kept().status is ConnectionStatus.UNTRIED

    def test_by_a_form_that_leaves_alone_what_is_left_empty(self, olga, made, browse):
        address = f"/admin/connections/{made['id']}"

        browse(olga).post(address, {"name": "GitHub", "credential-token": ""})
        assert kept().credentials == {"token": SECRET}
        browse(olga).post(address, {"name": "GitHub", "without-token": "1"})

        assert kept().credentials == {}

    def test_names_in_the_log_what_changed_but_no_value(self, key, api, made):
        api(
            "PATCH",
            f"/admin/connections/{made['id']}",
            key,
            json={"credentials": {"token": "another-one-5678"}},
        )

        told = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "connection.changed")).one()
        assert (told.subject, told.detail) == ("Our GitHub", "token")
        assert "5678" not in str(vars(told))

    def test_members_and_strangers_do_not_find_it(self, people, api, browse, made):
        address = f"/admin/connections/{made['id']}"

        assert api("PATCH", address, people.key(people.ada), json={"name": "Mine"}).status_code == 404
        assert api("GET", address, people.key(people.ada)).status_code == 404
        for user in (people.ada, people.eve):
            assert browse(user).post(address, {"name": "Mine"}).status_code == 404
            assert browse(user).post(f"{address}/removal").status_code == 404
        assert kept().name == "Our GitHub"

    def test_a_key_of_elsewhere_does_not_find_it(self, people, olga, api, made):
        other = people.key(olga, organization=people.elsewhere)

        assert api("GET", f"/admin/connections/{made['id']}", other).status_code == 404


class TestRemove:
    def test_takes_it_away_with_what_opened_it(self, key, api, made):
        assert api("DELETE", f"/admin/connections/{made['id']}", key).status_code == 204

        assert db.session.scalars(select(Connection)).all() == []

    def test_by_a_form(self, olga, made, browse):
        assert browse(olga).post(f"/admin/connections/{made['id']}/removal").status_code == 303

        assert db.session.scalars(select(Connection)).all() == []


class TestLink:
    def test_lets_a_project_go_through_it_and_no_longer(self, people, key, api, made):
        project = people.project()
        address = f"/admin/connections/{made['id']}/projects"

        assert api("POST", address, key, json={"projectId": str(project.id)}).status_code == 201
        assert [one["name"] for one in api("GET", address, key).json["data"]] == ["Website"]
        seen = api("GET", f"/admin/projects/{project.id}/connections", key).json["data"]
        assert [one["name"] for one in seen] == ["Our GitHub"]
        assert api("DELETE", f"{address}/{project.id}", key).status_code == 204

        assert db.session.scalars(select(ConnectedProject)).all() == []
        assert api("DELETE", f"{address}/{project.id}", key).status_code == 404

    def test_once(self, people, key, api, made):
        sent = {"projectId": str(people.project().id)}
        address = f"/admin/connections/{made['id']}/projects"
        api("POST", address, key, json=sent)

        assert api("POST", address, key, json=sent).status_code == 409

    def test_only_within_its_organization(self, people, key, api, made):
        from app.projects import operations as projects

        shop = projects.create_project(people.elsewhere, by=people.eve, name="Shop")

        answer = api(
            "POST", f"/admin/connections/{made['id']}/projects", key, json={"projectId": str(shop.id)}
        )

        assert answer.status_code == 409
        assert db.session.scalars(select(ConnectedProject)).all() == []

    def test_by_a_form(self, people, olga, made, browse):
        project, browser = people.project(), browse(olga)
        address = f"/admin/connections/{made['id']}/projects"

        assert browser.post(address, {"project_id": str(project.id)}).status_code == 303
        assert "Website" in browser.get(f"/admin/connections/{made['id']}").text
        assert browser.post(address, {"project_id": str(project.id)}).status_code == 422
        browser.post(f"{address}/{project.id}/removal")

        assert db.session.scalars(select(ConnectedProject)).all() == []

    def test_goes_with_its_project(self, people, key, api, made, bell):
        project = people.project()
        api("POST", f"/admin/connections/{made['id']}/projects", key, json={"projectId": str(project.id)})

        api("DELETE", f"/admin/projects/{project.id}", key)
        bell.work()
        finish_deleting()

        assert db.session.scalars(select(ConnectedProject)).all() == []

    def test_lists_those_of_an_organization(self, people, key, api, made):
        def names(organization) -> list[str]:
            answer = api("GET", f"/admin/organizations/{organization.id}/connections", key)
            return [one["name"] for one in answer.json["data"]]

        assert names(people.organization) == ["Our GitHub"]
        assert names(people.elsewhere) == []
