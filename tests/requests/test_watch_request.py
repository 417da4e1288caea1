"""Watching: by taking part or by choice, and what is told then."""

import pytest

from app.core import db
from app.notifications.queries import notifications_of
from app.projects import operations as projects
from app.projects.models import Access
from app.requests import operations as requests
from app.requests.models import WorkflowAction
from app.requests.queries import watchers_of

A = WorkflowAction


@pytest.fixture
def request_(people):
    return people.request()


def names(request) -> list[str]:
    return [person.name.split()[0] for person in watchers_of(request)]


def told(user) -> list[tuple[str, bool]]:
    return [(each.text, each.needs_you) for each in db.session.scalars(notifications_of(user))]


class TestWatch:
    def test_is_begun_and_ended_by_whoever_sees_it(self, people, request_, api):
        key, path = people.key(people.vic), f"/requests/{request_.id}"

        begun = api("PUT", f"{path}/watching", key, json={"watching": True})
        listed = api("GET", f"{path}/watchers", key)
        ended = api("PUT", f"{path}/watching", key, json={"watching": False})

        assert begun.json["data"] == {"watching": True, "count": 2}
        assert [each["name"] for each in listed.json["data"]] == ["Rae Requester", "Vic Viewer"]
        assert ended.json["data"] == {"watching": False, "count": 1}
        assert names(request_) == ["Rae"]

    def test_lists_watchers_by_page(self, people, request_, api):
        for person in (people.vic, people.bob):
            requests.watch(request_, by=person, watching=True)

        answer = api("GET", f"/requests/{request_.id}/watchers?limit=2", people.key(people.vic)).json

        assert [each["name"] for each in answer["data"]] == ["Bob Builder", "Rae Requester"]
        assert answer["meta"] == {"page": 1, "limit": 2, "total": 3, "totalPages": 2}

    def test_does_not_exist_for_a_stranger(self, people, request_, api):
        key = people.key(people.eve, organization=people.elsewhere)

        assert (
            api("PUT", f"/requests/{request_.id}/watching", key, json={"watching": True}).status_code == 404
        )
        assert api("GET", f"/requests/{request_.id}/watchers", key).status_code == 404
        assert names(request_) == ["Rae"]

    def test_needs_a_yes_or_a_no(self, people, request_, api):
        answer = api("PUT", f"/requests/{request_.id}/watching", people.key(people.vic), json={})

        assert (answer.status_code, answer.json["errors"][0]["loc"]) == (422, ["body", "watching"])

    def test_comes_with_taking_part(self, people, request_):
        requests.assign(request_, by=people.ada, to=people.bob)
        requests.comment(request_, by=people.ada, text="Soon")

        assert names(request_) == ["Ada", "Bob", "Rae"]

    def test_does_not_come_back_to_who_said_no(self, people, request_):
        requests.watch(request_, by=people.bob, watching=False)

        requests.assign(request_, by=people.ada, to=people.bob)
        requests.comment(request_, by=people.bob, text="Soon")

        assert names(request_) == ["Rae"]

    def test_ends_where_somebody_cannot_see_it_any_more(self, people, request_):
        requests.watch(request_, by=people.vic, watching=True)

        projects.edit_project(request_.project, by=people.ada, access=Access.MEMBERS)

        assert names(request_) == []


class TestHear:
    def test_hears_of_comments_and_asks_nothing(self, people, request_):
        requests.watch(request_, by=people.vic, watching=True)

        requests.comment(request_, by=people.bob, text="Which days?")

        sentence = "Bob Builder commented on #1 Show opening hours: “Which days?”"
        assert told(people.vic) == told(people.rae) == [(sentence, False)]
        assert told(people.bob) == []

    def test_hears_once_where_it_is_spoken_to(self, people, request_):
        requests.comment(request_, by=people.bob, text="Which days, @Rae?")

        assert [text.split(" on ")[0] for text, _ in told(people.rae)] == ["Bob Builder spoke to you"]

    def test_hears_of_moves(self, people, request_):
        requests.watch(request_, by=people.vic, watching=True)

        requests.move(request_, A.COMPLETE_INTERVIEW, by=people.rae)
        sentence = "Rae Requester accepted how it will be checked: #1 Show opening hours"
        assert told(people.vic) == [(sentence, False)]
        requests.move(request_, A.CANCEL, by=people.bob, payload={"reason": "Too late"})

        assert told(people.vic) == [("Bob Builder dropped it: #1 Show opening hours", False)]
        assert told(people.rae) == [("Bob Builder dropped #1 Show opening hours: “Too late”", False)]

    def test_is_silent_for_who_said_no(self, people, request_):
        requests.watch(request_, by=people.rae, watching=False)

        requests.comment(request_, by=people.bob, text="Which days?")

        assert told(people.rae) == []
