import pytest

from app.projects.models import Access, Starter, StartPolicy
from app.projects.operations import edit_project, name_members


class TestSettings:
    def test_saves_what_was_changed(self, people, browse):
        project = people.project()
        sent = {
            "name": "Site",
            "access": "organization",
            "start_policy": "requester",
            "default_agent": "person",
        }

        answer = browse(people.ada).post("/acme/website/settings", sent)

        assert (answer.status_code, answer.location) == (303, "/acme/website/settings")
        assert (project.name, project.slug) == ("Site", "website")
        assert (project.start_policy, project.default_agent) == (StartPolicy.REQUESTER, "person")

    def test_shows_how_to_clone(self, people, browse):
        people.project()

        page = browse(people.ada).get("/acme/website/settings").text

        assert "git clone http://greenroom.test/acme/website.git" in page

    def test_shows_how_to_push_the_first_time(self, people, browse):
        people.project(starter=Starter.EMPTY)

        page = browse(people.ada).get("/acme/website/settings").text

        assert "git remote add greenroom http://greenroom.test/acme/website.git" in page
        assert "git push greenroom HEAD:main" in page

    def test_lets_it_rest_and_takes_it_up_again(self, people, browse):
        project, browser = people.project(), browse(people.ada)

        browser.post("/acme/website/settings", {"archived": "true"})
        assert project.is_archived
        assert "This project rests" in browser.get("/acme/website/settings").text

        browser.post("/acme/website/settings", {"archived": "false"})
        assert not project.is_archived

    def test_names_who_may_see_it(self, people, browse):
        project = people.project()
        edit_project(project, by=people.ada, access=Access.MEMBERS)
        assert browse(people.bob).get("/acme").text.count("/acme/website") == 0

        browse(people.ada).post("/acme/website/settings/members", {"user_ids": [str(people.bob.id)]})

        assert "/acme/website" in browse(people.bob).get("/acme").text
        assert "/acme/website" not in browse(people.vic).get("/acme").text

    def test_names_only_members(self, people, browse):
        people.project()

        answer = browse(people.ada).post("/acme/website/settings/members", {"user_ids": [str(people.eve.id)]})

        assert answer.status_code == 422

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("rae", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        people.project()
        browser = browse(getattr(people, who))

        assert browser.get("/acme/website/settings").status_code == status
        assert browser.post("/acme/website/settings", {"name": "Mine"}).status_code == status
        assert browser.post("/acme/website/settings/members", {}).status_code == status


class TestByPrograms:
    def test_lists_what_the_caller_may_see(self, people, api):
        open_one, secret = people.project("Open"), people.project("Secret")
        edit_project(secret, by=people.ada, access=Access.MEMBERS)

        seen = {
            who: [
                one["name"] for one in api("GET", "/projects", people.key(getattr(people, who))).json["data"]
            ]
            for who in ("ada", "bob")
        }
        name_members(secret, by=people.ada, user_ids=[people.bob.id])

        assert seen == {"ada": ["Open", "Secret"], "bob": ["Open"]}
        assert api("GET", f"/projects/{secret.id}", people.key(people.bob)).status_code == 200
        assert api("GET", f"/projects/{secret.id}", people.key(people.vic)).status_code == 404
        assert api("GET", f"/projects/{open_one.id}", people.key(people.vic)).json["data"]["slug"] == "open"

    def test_changes_what_is_sent(self, people, api):
        project = people.project()
        body = {"description": "New", "startPolicy": "requester", "archived": True}

        answer = api("PUT", f"/projects/{project.id}", people.key(people.ada), json=body).json["data"]

        assert (answer["description"], answer["startPolicy"], answer["archived"]) == (
            "New",
            "requester",
            True,
        )
        assert answer["name"] == "Website"

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 404)])
    def test_is_for_admins(self, people, api, who, status):
        project = people.project()
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("PUT", f"/projects/{project.id}", key, json={"name": "Mine"}).status_code == status

    def test_takes_only_agents_that_there_are(self, people, api):
        project = people.project()

        answer = api(
            "PUT", f"/projects/{project.id}", people.key(people.ada), json={"defaultAgent": "wizard"}
        )

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "defaultAgent"]
        assert "outline" in answer.json["errors"][0]["msg"]
