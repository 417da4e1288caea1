"""Several programs change one thing: who has seen the newest changes it, nobody's words are overwritten."""

import threading
from collections.abc import Callable
from typing import NamedTuple

import pytest
from werkzeug.test import TestResponse

from app.core.db import session
from app.requests import operations as requests
from app.requests.models import ProductRequest
from app.web import etag


@pytest.fixture
def ask(app, database):
    """Ask with headers of one's own: `ask("GET", "/projects", key, {"If-Match": …})`."""

    def ask(method: str, path: str, key: str, headers: dict[str, str] | None = None, **more: object):
        sent = {"Authorization": f"Bearer {key}", **(headers or {})}
        session.rollback()
        session.expire_all()
        return app.test_client().open(f"/api{path}", method=method, headers=sent, **more)

    return ask


class Thing(NamedTuple):
    """What Ada changes: an address, the name of a field there, what stands in it, and by which method."""

    path: str
    field: str
    stands: str
    method: str = "PUT"


@pytest.fixture(params=["request", "project", "organization", "label", "comment"])
def thing(request, people) -> Thing:
    if request.param == "request":
        return Thing(f"/requests/{people.request().id}", "title", "Show opening hours")
    if request.param == "project":
        return Thing(f"/projects/{people.project().id}", "name", "Website")
    if request.param == "label":
        made = requests.create_label(people.organization.id, by=people.ada, name="Shop", color="#1f8f5f")
        return Thing(f"/organizations/{people.organization.id}/labels/{made.id}", "name", "Shop", "PATCH")
    if request.param == "comment":
        wanted = people.request()
        said = requests.comment(wanted, by=people.ada, text="Soon")
        return Thing(f"/requests/{wanted.id}/comments/{said.id}", "content", "Soon", "PATCH")
    return Thing(f"/organizations/{people.organization.id}", "name", "Acme")


class TestATag:
    def test_answers_304_to_who_has_it(self, people, ask, thing):
        path = thing.path
        key = people.key(people.ada)
        first = ask("GET", path, key)

        again = ask("GET", path, key, {"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]

    def test_is_another_after_a_change(self, people, ask, thing):
        path, field, _, method = thing
        key = people.key(people.ada)
        before = ask("GET", path, key).headers["ETag"]

        changed = ask(method, path, key, json={field: "Another"}, headers={"If-Match": before})

        after = ask("GET", path, key, headers={"If-None-Match": before})
        assert (changed.status_code, after.status_code) == (200, 200)
        assert changed.headers["ETag"] == after.headers["ETag"] != before
        assert after.json["data"][field] == "Another"

    def test_that_is_older_changes_nothing(self, people, ask, thing):
        path, field, _, method = thing
        key = people.key(people.ada)
        seen = ask("GET", path, key).headers["ETag"]
        ask(method, path, key, json={field: "By Bob"})

        late = ask(method, path, key, json={field: "Too late"}, headers={"If-Match": seen})

        assert (late.status_code, late.json["type"]) == (412, "precondition_failed")
        assert late.json["current"][field] == "By Bob"
        assert late.json["sent"] == {field: "Too late"}
        assert ask("GET", path, key).json["data"][field] == "By Bob"

    def test_tells_nobody_what_is_not_theirs(self, people, ask, thing):
        path, field, stands, method = thing
        stranger = people.key(people.eve, organization=people.elsewhere)
        wrong = {"If-Match": '"0"'}

        asked = [
            ask("GET", path, stranger, headers={"If-None-Match": "*"}),
            ask(method, path, stranger, json={field: "Mine"}, headers=wrong),
            ask(method, path, people.key(people.vic), json={field: "Mine"}),
        ]

        assert [answer.status_code for answer in asked] == [404, 404, 403]
        assert ask("GET", path, people.key(people.ada)).json["data"][field] == stands


def test_a_version_that_is_older_shows_both(people, ask):
    request = people.request()
    key, seen = people.key(people.rae), request.version
    ask("PUT", f"/requests/{request.id}", key, json={"title": "Mine"})

    late = ask("PUT", f"/requests/{request.id}", key, json={"title": "Too late", "version": seen})

    assert (late.status_code, late.json["type"]) == (409, "conflict")
    assert late.json["current"]["title"] == "Mine"
    assert late.json["sent"] == {"title": "Too late", "version": seen}


def test_of_two_at_once_one_wins(app, people, ask, thing):
    path, field, _, method = thing
    key = people.key(people.ada)
    session.commit()
    seen = app.test_client().get(f"/api{path}", headers={"Authorization": f"Bearer {key}"})

    def change(words: str) -> Callable[[], TestResponse]:
        headers = {"Authorization": f"Bearer {key}", "If-Match": seen.headers["ETag"]}
        return lambda: app.test_client().open(
            f"/api{path}", method=method, headers=headers, json={field: words}
        )

    answers = at_once(change("Bread"), change("Rolls"))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert lost.json["current"][field] == won.json["data"][field]
    assert lost.json["sent"][field] != won.json["data"][field]
    now = ask("GET", path, key)
    assert now.json["data"][field] == won.json["data"][field]


def test_what_comes_after_the_tag_was_compared_is_not_overwritten(app, people, ask, thing, monkeypatch):
    path, field, _, method = thing
    key = people.key(people.ada)
    seen = ask("GET", path, key).headers["ETag"]
    compare = etag.tag_of

    def change(words: str, **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {key}", **headers}
        return app.test_client().open(f"/api{path}", method=method, headers=sent, json={field: words})

    def compare_and_be_overtaken(written: bytes) -> str:
        monkeypatch.setattr(etag, "tag_of", compare)
        at_once(lambda: change("Bread"))
        return compare(written)

    monkeypatch.setattr(etag, "tag_of", compare_and_be_overtaken)
    late = change("Rolls", **{"If-Match": seen})

    assert (late.status_code, late.json["current"][field]) == (412, "Bread")
    assert ask("GET", path, key).json["data"][field] == "Bread"


def test_what_is_said_of_other_words_is_no_race(app, people):
    request = people.request()
    key = people.key(people.rae)
    session.commit()

    def change(**words: str) -> Callable[[], TestResponse]:
        headers = {"Authorization": f"Bearer {key}"}
        return lambda: app.test_client().put(f"/api/requests/{request.id}", headers=headers, json=words)

    at_once(change(title="Longer hours"), change(title="Longer hours"))

    session.expire_all()
    assert session.get(ProductRequest, request.id).title == "Longer hours"


def at_once(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """Let all of them go at the same moment."""
    barrier, answers = threading.Barrier(len(calls)), []

    def go(call: Callable[[], TestResponse]) -> None:
        barrier.wait(10)
        answers.append(call())

    threads = [threading.Thread(target=go, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
