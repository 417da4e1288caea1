"""A project at rest: listed apart, readable in all, changed in nothing until it is taken up again."""

import pytest

from app.projects import operations


@pytest.fixture
def request_(people):
    """Rae's request in a project that was let rest afterwards."""
    wanted = people.request()
    operations.archive_project(wanted.project, by=people.ada)
    return wanted


class TestReadOnly:
    @pytest.mark.parametrize(
        ("path", "sent"),
        [
            ("/acme/website/requests", {"title": "More light"}),
            ("/acme/website/requests/1/comments", {"text": "Nice."}),
            ("/acme/website/requests/1/edit", {"title": "Later hours"}),
            ("/acme/website/requests/1/interview", {}),
            ("/acme/website/settings", {"name": "Shop"}),
            ("/acme/website/settings/members", {}),
            ("/acme/website/settings/variables", {"name": "MODE", "value": "x"}),
            ("/acme/website/settings/config", {}),
        ],
    )
    def test_refuses_every_change_and_says_why(self, people, request_, browse, path, sent):
        answer = browse(people.ada).post(path, sent)

        assert answer.status_code in {409, 422}
        assert "Website rests: all of it can be read, nothing changed." in answer.text

    def test_changes_nothing(self, people, request_, browse):
        browser = browse(people.ada)

        browser.post("/acme/website/settings", {"name": "Shop"})
        browser.post("/acme/website/requests/1/edit", {"title": "Later hours"})

        assert (request_.project.name, request_.title) == ("Website", "Show opening hours")

    @pytest.mark.parametrize(
        ("method", "path", "sent"),
        [
            ("PUT", "/requests/{request}", {"title": "Later hours"}),
            ("POST", "/requests/{request}/activity", {"text": "Nice."}),
            ("POST", "/requests/{request}/transition", {"action": "start_interview"}),
            ("POST", "/requests/{request}/preview", {}),
            ("POST", "/projects/{project}/requests", {"title": "More light"}),
            ("PUT", "/projects/{project}", {"name": "Shop"}),
            ("PUT", "/projects/{project}/variables", {"name": "MODE", "value": "x"}),
            ("PUT", "/projects/{project}/preview-settings", {}),
        ],
    )
    def test_says_so_to_programs(self, people, request_, api, method, path, sent):
        filled = path.format(request=request_.id, project=request_.project_id)

        answer = api(method, filled, people.key(people.ada), json=sent)

        assert (answer.status_code, answer.json["type"]) == (409, "at_rest")
        assert "An admin can take it up again." in answer.json["message"]

    def test_is_read_by_everybody_who_saw_it(self, people, request_, browse, api):
        assert browse(people.vic).get("/acme/website/requests/1").status_code == 200
        assert api("GET", f"/requests/{request_.id}", people.key(people.vic)).status_code == 200

    def test_is_not_there_for_a_stranger(self, people, request_, browse):
        answer = browse(people.eve).post("/acme/website/requests/1/comments", {"text": "Nice."})

        assert answer.status_code == 404

    def test_changes_again_once_it_is_taken_up(self, people, request_, api):
        key = people.key(people.ada)

        restored = api("PUT", f"/projects/{request_.project_id}", key, json={"archived": False})
        edited = api("PUT", f"/requests/{request_.id}", key, json={"title": "Later hours"})

        assert (restored.status_code, edited.status_code) == (200, 200)
        assert request_.title == "Later hours"


class TestLists:
    def test_list_it_apart(self, people, request_, browse):
        people.project("Shop")
        browser = browse(people.bob)

        in_use, at_rest = browser.get("/acme").text, browser.get("/acme?show=at-rest").text

        assert 'href="/acme/shop"' in in_use
        assert 'href="/acme/website"' not in in_use
        assert "At rest 1" in in_use
        assert 'href="/acme/website"' in at_rest

    def test_say_nothing_of_it_where_none_rests(self, people, browse):
        people.project("Shop")

        assert "At rest" not in browse(people.bob).get("/acme").text
        assert "None rests" in browse(people.bob).get("/acme?show=at-rest").text

    def test_filter_for_programs(self, people, request_, api):
        people.project("Shop")
        key = people.key(people.bob)

        named = {
            query: [each["name"] for each in api("GET", f"/projects{query}", key).json["data"]]
            for query in ("", "?archived=true", "?archived=false")
        }

        assert named == {
            "": ["Shop", "Website"],
            "?archived=true": ["Website"],
            "?archived=false": ["Shop"],
        }
