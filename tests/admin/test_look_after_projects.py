"""Projects of all organizations: found, changed, and deleted with everything that is theirs."""

import pytest

from app.accounts.operations import issue_token
from app.admin.operations import finish_deleting
from app.core import db
from app.core.audit import AuditEntry
from app.engine import routes
from app.projects.models import Access, Project
from app.requests.models import ProductRequest
from tests.support import road


def is_there(project) -> bool:
    db.session.expire_all()
    return db.session.get(Project, project.id) is not None


def settle(bell) -> None:
    """Let all that still runs end, and the schedule come by."""
    bell.work()
    finish_deleting()


class TestFind:
    def test_those_of_all_organizations(self, people, olga, api, browse):
        from app.projects import operations as projects

        people.project()
        projects.create_project(people.elsewhere, by=people.eve, name="Shop")
        token, _ = issue_token(olga)

        found = api("GET", "/admin/projects", token).json["data"]

        assert [one["name"] for one in found] == ["Website", "Shop"]
        assert "Elsewhere" in browse(olga).get("/admin/projects").text

    def test_a_key_sees_those_of_its_organization(self, people, key, api):
        from app.projects import operations as projects

        people.project()
        other = projects.create_project(people.elsewhere, by=people.eve, name="Shop")

        assert [one["name"] for one in api("GET", "/admin/projects", key).json["data"]] == ["Website"]
        assert api("GET", f"/admin/projects/{other.id}", key).status_code == 404

    @pytest.mark.parametrize(("query", "names"), [("q=web", ["Website"]), ("archived=true", []), ("q=x", [])])
    def test_is_narrowed(self, people, key, api, query, names):
        people.project()

        assert [one["name"] for one in api("GET", f"/admin/projects?{query}", key).json["data"]] == names

    def test_is_for_the_operator_alone(self, people, api, browse):
        project = people.project()

        assert api("GET", "/admin/projects", people.key(people.ada)).status_code == 403
        assert api("GET", f"/admin/projects/{project.id}", people.key(people.ada)).status_code == 404
        assert browse(people.ada).get(f"/admin/projects/{project.id}").status_code == 404


class TestChange:
    def test_what_it_is_called_and_who_sees_it(self, people, key, api):
        project = people.project()

        answer = api("PUT", f"/admin/projects/{project.id}", key, json={"name": "Shop", "access": "members"})

        assert (answer.json["data"]["name"], answer.json["data"]["access"]) == ("Shop", "members")
        db.session.expire_all()
        assert db.session.get(Project, project.id).access is Access.MEMBERS

    def test_lets_it_rest_and_takes_it_up_again(self, people, olga, browse):
        project, browser = people.project(), browse(olga)

        browser.post(f"/admin/projects/{project.id}", {"archived": "true"})
        db.session.expire_all()
        assert db.session.get(Project, project.id).is_archived
        browser.post(f"/admin/projects/{project.id}", {"archived": "false"})

        db.session.expire_all()
        assert not db.session.get(Project, project.id).is_archived

    def test_shows_the_form_again_without_a_name(self, people, olga, browse):
        project = people.project()

        answer = browse(olga).post(f"/admin/projects/{project.id}", {"name": " ", "description": "Ours"})

        assert answer.status_code == 422
        assert "Ours" in answer.text

    def test_members_and_strangers_do_not_find_it(self, people, browse, api):
        project = people.project()

        for user in (people.ada, people.eve):
            assert browse(user).post(f"/admin/projects/{project.id}", {"name": "Mine"}).status_code == 404
        assert api("PUT", f"/admin/projects/{project.id}", people.key(people.ada), json={}).status_code == 404


class TestDelete:
    def test_takes_repository_rows_and_addresses(self, people, key, api, bell):
        project = people.project()
        request_id = people.request(project).id
        routes.point("old", project_id=project.id, organization_id=project.organization_id)
        routes.remove("old")
        folder = project.repository_path
        assert folder.is_dir()

        assert api("DELETE", f"/admin/projects/{project.id}", key).status_code == 204
        settle(bell)

        assert not is_there(project)
        assert not folder.exists()
        assert db.session.get(ProductRequest, request_id) is None
        told = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.created_at)]
        assert told[-2:] == ["project.archived", "project.deleted"]

    def test_exists_for_nobody_while_something_of_it_still_ends(self, people, key, api, browse, bell):
        request = road.shown_request(people)
        project = request.project

        assert api("DELETE", f"/admin/projects/{project.id}", key).status_code == 204

        assert is_there(project)
        assert api("GET", f"/admin/projects/{project.id}", key).status_code == 404
        assert browse(people.ada).get("/acme/website").status_code == 404
        assert api("GET", f"/requests/{request.id}", people.key(people.ada)).status_code == 404
        settle(bell)
        assert not is_there(project)

    def test_asks_a_person_to_type_its_name(self, people, olga, browse, bell):
        project, browser = people.project(), browse(olga)

        answer = browser.post(f"/admin/projects/{project.id}/removal", {"confirmation": "shop"})

        assert answer.status_code == 422
        assert "Type website to delete this project." in answer.text
        assert is_there(project)
        answer = browser.post(f"/admin/projects/{project.id}/removal", {"confirmation": "website"})
        assert answer.status_code == 303
        settle(bell)
        assert not is_there(project)

    def test_goes_on_when_whoever_deleted_it_is_gone(self, people, key, api, bell, olga):
        project = road.shown_request(people).project
        api("DELETE", f"/admin/projects/{project.id}", key)
        with db.transaction():
            people.bob.is_admin = True
            db.session.get(type(olga), olga.id).is_admin = False

        settle(bell)

        assert not is_there(project)

    def test_members_and_strangers_do_not_find_it(self, people, browse, api):
        project = people.project()

        for user in (people.ada, people.bob, people.eve):
            answer = browse(user).post(
                f"/admin/projects/{project.id}/removal", {"confirmation": project.slug}
            )
            assert answer.status_code == 404
        assert api("DELETE", f"/admin/projects/{project.id}", people.key(people.ada)).status_code == 404
        assert is_there(project)
