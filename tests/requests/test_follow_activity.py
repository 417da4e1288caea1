"""Following what happens to a request: from an entry on, and narrowed."""

import pytest

from app.core.clock import iso
from app.requests import operations as requests
from app.requests.queries import story_of


@pytest.fixture
def request_(people):
    """Rae's request, of which five things were said after it was filed."""
    request = people.request()
    for number in range(5):
        requests.comment(request, by=people.bob if number % 2 else people.rae, text=f"{number}")
    return request


@pytest.fixture
def ask(people, request_, api):
    """Return a way to ask: `ask("limit=2")` gives the texts and where to go on."""

    def read(query: str) -> tuple[list[str], str | None]:
        answer = api("GET", f"/requests/{request_.id}/activity?{query}", people.key(people.vic)).json
        return [each["text"] for each in answer["data"]], answer["meta"]["nextCursor"]

    return read


class TestFollow:
    def test_goes_back_from_where_it_was(self, people, request_, ask):
        first, cursor = ask("limit=2")
        requests.comment(request_, by=people.rae, text="meanwhile")
        second, further = ask(f"limit=2&before={cursor}")
        last, end = ask(f"limit=2&before={further}")

        assert (first, second, last) == (["4", "3"], ["2", "1"], ["0", "asked for this"])
        assert end is None

    def test_follows_along_without_a_gap(self, request_, ask):
        oldest = story_of(request_)[-1].id

        first, cursor = ask(f"limit=3&after={oldest}")
        second, end = ask(f"limit=3&after={cursor}")

        assert (first, second, end) == (["0", "1", "2"], ["3", "4"], None)

    def test_narrows_to_kinds_people_and_moments(self, people, request_, ask):
        requests.assign(request_, by=people.ada, to=people.bob)
        third = story_of(request_)[3]

        assert ask("type=assignment&type=system")[0] == ["assigned this to Bob Builder", "asked for this"]
        assert ask(f"type=comment&actorId={people.bob.id}")[0] == ["3", "1"]
        assert ask(f"type=comment&since={iso(third.created_at)}")[0] == ["4", "3", "2"]

    def test_keeps_its_pages(self, ask):
        assert ask("limit=4&page=2")[0] == ["0", "asked for this"]

    @pytest.mark.parametrize("query", ["type=wish", "actorId=bob", "since=yesterday", "before=7"])
    def test_names_what_does_not_hold(self, people, request_, api, query):
        answer = api("GET", f"/requests/{request_.id}/activity?{query}", people.key(people.vic))

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"][:2] == ["query", query.partition("=")[0]]

    def test_does_not_exist_for_a_stranger(self, people, request_, api):
        key = people.key(people.eve, organization=people.elsewhere)

        assert api("GET", f"/requests/{request_.id}/activity?type=comment", key).status_code == 404
