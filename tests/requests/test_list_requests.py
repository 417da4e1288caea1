"""Lists of requests: narrowed, in a stable order, in as many statements for many as for few."""

import pytest
from sqlalchemy import event

from app.core import db
from app.requests import operations as requests
from app.requests.models import RequestPriority


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def three(people, project):
    """One that is urgent, one with votes, one of Bob's."""
    urgent = people.request(project, title="Burning")
    wanted = people.request(project, title="Wanted")
    bobs = people.request(project, title="Bobs", by=people.bob)
    requests.edit_request(urgent, by=people.ada, priority=RequestPriority.URGENT)
    requests.edit_request(bobs, by=people.ada, priority=RequestPriority.LOW)
    requests.assign(bobs, by=people.ada, to=people.bob)
    for person in (people.rae, people.ada):
        requests.vote(wanted, by=person)
    requests.vote(bobs, by=people.ada)
    return urgent, wanted, bobs


@pytest.fixture
def titles(people, project, three, api):
    def ask(query: str, user=people.bob) -> list[str]:
        answer = api("GET", f"/projects/{project.id}/requests?{query}", people.key(user))
        assert answer.status_code == 200, answer.text
        return [each["title"] for each in answer.json["data"]]

    return ask


class TestOrder:
    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("", ["Bobs", "Wanted", "Burning"]),
            ("sort=position", ["Bobs", "Wanted", "Burning"]),
            ("sort=-position", ["Burning", "Wanted", "Bobs"]),
            ("sort=created", ["Burning", "Wanted", "Bobs"]),
            ("sort=-created", ["Bobs", "Wanted", "Burning"]),
            ("sort=updated", ["Wanted", "Burning", "Bobs"]),
            ("sort=-updated", ["Bobs", "Burning", "Wanted"]),
            ("sort=priority", ["Bobs", "Wanted", "Burning"]),
            ("sort=-priority", ["Burning", "Wanted", "Bobs"]),
            ("sort=votes", ["Burning", "Bobs", "Wanted"]),
            ("sort=-votes", ["Wanted", "Bobs", "Burning"]),
        ],
    )
    def test_is_what_is_asked_for(self, titles, sort, order):
        assert titles(sort) == order

    def test_is_the_same_over_pages(self, titles):
        pages = [titles(f"sort=-votes&limit=1&page={page}") for page in (1, 2, 3)]

        assert pages == [["Wanted"], ["Bobs"], ["Burning"]]

    def test_is_said_when_there_is_no_such(self, people, project, api):
        answer = api("GET", f"/projects/{project.id}/requests?sort=colour", people.key(people.bob))

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["query", "sort"]

    @pytest.mark.parametrize(("sort", "first"), [("-votes", "Wanted"), ("-priority", "Burning")])
    def test_is_that_of_the_pages_too(self, people, project, three, browse, sort, first):
        rest = {"Burning", "Wanted", "Bobs"} - {first}

        for address in (f"{project.path}?sort={sort}", f"{project.path}?sort={sort}&list=1"):
            page = browse(people.vic).get(address).text
            assert all(page.index(f">{first}<") < page.index(f">{other}<") for other in rest), address


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("status=draft", {"Burning", "Wanted", "Bobs"}),
            ("status=ready", set()),
            ("status=ready&status=draft", {"Burning", "Wanted", "Bobs"}),
            ("status=ready,draft", {"Burning", "Wanted", "Bobs"}),
            ("priority=urgent", {"Burning"}),
            ("type=bug", set()),
            ("assigneeId=me", {"Bobs"}),
            ("assigneeId=none", {"Burning", "Wanted"}),
            ("requesterId=me", {"Bobs"}),
            ("q=want", {"Wanted"}),
            ("archived=true", set()),
        ],
    )
    def test_leave_what_is_asked_for(self, titles, query, found):
        assert set(titles(query)) == found

    @pytest.mark.parametrize("query", ["status=nowhere", "assigneeId=somebody", "archived=perhaps"])
    def test_say_what_does_not_hold(self, people, project, api, query):
        answer = api("GET", f"/projects/{project.id}/requests?{query}", people.key(people.bob))

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"][:2] == ["query", query.partition("=")[0]]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("requester=me", {"Bobs"}),
            ("assignee=none", {"Burning", "Wanted"}),
            ("list=1&status=ready&status=draft", {"Burning", "Wanted", "Bobs"}),
        ],
    )
    def test_stand_in_the_address_of_the_board(self, people, project, three, browse, query, found):
        page = browse(people.bob).get(f"{project.path}?{query}").text

        assert {title for title in ("Burning", "Wanted", "Bobs") if f">{title}<" in page} == found


class TestStatements:
    def fill(self, people, project, count: int) -> None:
        made = [people.request(project, title=f"Wish {number}") for number in range(count)]
        for request, before in zip(made[1:], made, strict=False):
            requests.wait_for(request, before, by=people.rae)
        for request in made:
            requests.vote(request, by=people.bob)
            requests.add_step(request, by=people.rae, text="Ask")

    @pytest.mark.parametrize("address", ["/acme/{slug}", "/acme/{slug}?list=1", "/acme/{slug}?sort=-votes"])
    def test_are_as_many_for_30_cards_as_for_3(self, people, browse, address):
        bob = browse(people.bob)
        for name, count in (("Few", 3), ("Many", 30)):
            self.fill(people, people.project(name), count)
        bob.get("/acme/few")

        assert self.count(lambda: bob.get(address.format(slug="many"))) == self.count(
            lambda: bob.get(address.format(slug="few"))
        )

    def test_are_as_many_for_30_requests_of_the_api_as_for_3(self, people, api):
        key, paths = people.key(people.bob), []
        for name, count in (("Few", 3), ("Many", 30)):
            project = people.project(name)
            self.fill(people, project, count)
            paths.append(f"/projects/{project.id}/requests?limit=100")
        api("GET", paths[0], key)

        few, many = (self.count(lambda path=path: api("GET", path, key)) for path in paths)

        assert many == few

    def count(self, ask) -> int:
        db.session.expunge_all()  # nothing is known from before
        asked = []

        def note(_connection, _cursor, statement, *_more):
            asked.append(statement)

        event.listen(db.db.engine, "before_cursor_execute", note)
        try:
            assert ask().status_code == 200
        finally:
            event.remove(db.db.engine, "before_cursor_execute", note)
        return len(asked)
