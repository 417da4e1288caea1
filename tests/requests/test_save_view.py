"""Names for what a board is narrowed to."""

import pytest

from app.core.db import session
from app.core.errors import Invalid, NotAllowed
from app.requests import operations as requests
from app.requests.models import SavedView
from app.requests.queries import views_shown_to


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def bugs(people, project):
    return requests.save_view(
        project, by=people.bob, name="Bugs", query="type=bug&sort=-votes", is_shared=True
    )


def names(user, project) -> list[str]:
    return [view.name for view in views_shown_to(user, project)]


class TestSave:
    def test_keeps_what_narrows_and_sorts_but_no_page(self, people, project):
        view = requests.save_view(
            project, by=people.vic, name=" Mine ", query="?assignee=me&page=3&column=draft&more=draft&evil=1"
        )

        assert (view.name, view.query, view.is_shared) == ("Mine", "assignee=me", False)
        assert view.path == "/acme/website?assignee=me"

    def test_is_ones_own_unless_it_is_shared(self, people, project, bugs):
        requests.save_view(project, by=people.rae, name="Mine", query="assignee=me")

        assert names(people.rae, project) == ["Bugs", "Mine"]
        assert names(people.bob, project) == ["Bugs"]

    def test_is_shared_by_those_who_develop(self, people, project):
        for person in (people.rae, people.vic):
            with pytest.raises(NotAllowed):
                requests.save_view(project, by=person, name="All", query="type=bug", is_shared=True)
        assert names(people.rae, project) == []

    @pytest.mark.parametrize(
        ("name", "query", "field"),
        [("Empty", "page=2", "query"), (" ", "type=bug", "name"), ("Long", "q=" + "x" * 600, "query")],
    )
    def test_needs_a_name_and_something_to_keep(self, people, project, name, query, field):
        with pytest.raises(Invalid) as trouble:
            requests.save_view(project, by=people.bob, name=name, query=query)

        assert trouble.value.errors[0]["loc"] == ["body", field]
        assert names(people.bob, project) == []

    def test_needs_a_name_of_its_own(self, people, project, bugs):
        with pytest.raises(Invalid, match="has this name already"):
            requests.save_view(project, by=people.bob, name="Bugs", query="type=chore")


class TestChange:
    def test_is_for_its_owner_and_for_admins(self, people, project, bugs):
        requests.change_view(bugs, by=people.ada, name="All bugs")

        assert bugs.name == "All bugs"
        for person in (people.rae, people.vic):
            with pytest.raises(NotAllowed):
                requests.change_view(bugs, by=person, name="Theirs")
            with pytest.raises(NotAllowed):
                requests.remove_view(bugs, by=person)
        assert session.get(SavedView, bugs.id).name == "All bugs"

    def test_takes_it_back_from_the_others(self, people, project, bugs):
        requests.change_view(bugs, by=people.bob, is_shared=False)

        assert names(people.rae, project) == []
        assert names(people.bob, project) == ["Bugs"]


class TestPage:
    def test_is_saved_beside_the_filters_and_found_again(self, people, project, browse):
        people.request(project)
        bob = browse(people.bob)
        assert "Save this view" in bob.get("/acme/website?type=bug").text
        assert "Save this view" not in bob.get("/acme/website").text

        answer = bob.post("/acme/website/views", {"name": "Bugs", "query": "type=bug&list=1", "shared": "1"})

        assert (answer.status_code, answer.location) == (303, "/acme/website?type=bug&list=1")
        assert 'href="/acme/website?type=bug&amp;list=1"' in browse(people.vic).get("/acme/website").text
        assert 'aria-current="page"' in bob.get(answer.location).text.partition("saved-views")[2]

    def test_keeps_what_was_typed_when_it_is_refused(self, people, project, bugs, browse):
        answer = browse(people.bob).post("/acme/website/views", {"name": "Bugs", "query": "type=chore"})

        assert answer.status_code == 422
        assert "has this name already" in answer.text
        assert 'name="query" value="type=chore"' in answer.text

    def test_is_renamed_and_removed(self, people, project, bugs, browse):
        bob, url = browse(people.bob), f"/acme/website/views/{bugs.id}"

        assert bob.post(url, {"name": "All bugs", "shared": "1"}).status_code == 303
        assert (bugs.name, bugs.is_shared) == ("All bugs", True)
        assert "All bugs" in bob.get("/acme/website/views").text
        assert bob.post(url, {"name": ""}).status_code == 422
        assert bob.post(f"{url}/removal").status_code == 303
        assert names(people.bob, project) == []

    def test_of_somebody_else_does_not_exist(self, people, project, browse):
        mine = requests.save_view(project, by=people.ada, name="Mine", query="assignee=me")

        assert browse(people.bob).post(f"/acme/website/views/{mine.id}/removal").status_code == 404
        assert names(people.ada, project) == ["Mine"]


class TestApi:
    def test_saves_lists_changes_and_removes(self, people, project, api):
        key, path = people.key(people.bob), f"/projects/{project.id}/views"

        made = api("POST", path, key, json={"name": "Bugs", "query": "type=bug"}).json["data"]
        changed = api("PUT", f"{path}/{made['id']}", key, json={"shared": True}).json["data"]

        assert (made["shared"], made["query"], made["url"]) == (False, "type=bug", "/acme/website?type=bug")
        assert (changed["name"], changed["shared"]) == ("Bugs", True)
        assert [each["name"] for each in api("GET", path, people.key(people.vic)).json["data"]] == ["Bugs"]
        assert api("DELETE", f"{path}/{made['id']}", key).status_code == 204
        assert names(people.bob, project) == []
