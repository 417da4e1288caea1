"""Specs are listed in parts and found by a pattern on what was asked, which cannot hold anybody up."""

import pytest
from sqlalchemy import event

from app.core.db import current_engine
from app.specs import queries
from app.specs.queries import finding


@pytest.fixture
def get(app, people):
    client, key = app.test_client(), people.key(people.vic)
    return lambda path: client.get(path, headers={"Authorization": f"Bearer {key}"})


def inputs(answer) -> list[str]:
    return [each["input"] for each in answer.json["specs"]]


class TestList:
    def test_gives_the_newest_first_in_parts(self, ask, bell, get):
        for number in range(3):
            ask(f"Idea {number}")

        first, rest = get("/list-specs?limit=2"), get("/list-specs?limit=2&skip=2")

        assert inputs(first) == ["Idea 2", "Idea 1"]
        assert (first.json["total"], first.json["hasMore"]) == (3, True)
        assert (inputs(rest), rest.json["hasMore"]) == (["Idea 0"], False)

    def test_narrows_by_kind_and_state(self, ask, written, get):
        written("Done")
        ask("Waiting")

        assert inputs(get("/list-specs?status=pending")) == ["Waiting"]
        assert inputs(get("/list-specs?status=completed&endpoint=fast_spec")) == ["Done"]
        assert inputs(get("/list-specs?endpoint=deep_spec")) == []

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=101", "limit=x", "skip=-1", "status=lost", "endpoint=x"]
    )
    def test_says_what_it_does_not_take(self, people, get, query):
        answer = get(f"/list-specs?{query}")

        assert (answer.status_code, answer.json["error"]) == (400, "Invalid input")
        assert answer.json["message"].startswith(query.partition("=")[0])

    def test_takes_as_many_statements_for_many_as_for_one(self, ask, bell, get, people):
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_more) -> None:
            seen.append(statement)

        def asked_for_a_list() -> int:
            get("/list-specs")  # notes the key's use, and warms up
            seen.clear()
            get("/list-specs")
            return len(seen)

        event.listen(current_engine(), "before_cursor_execute", note)
        ask("One")
        few = asked_for_a_list()
        for number in range(5):
            ask(f"Idea {number}")

        assert asked_for_a_list() == few
        event.remove(current_engine(), "before_cursor_execute", note)


class TestFind:
    def test_looks_into_the_input_in_capitals_or_not(self, ask, bell, get):
        ask("Guests book a TABLE")
        ask("Guests pay")

        assert inputs(get("/find-specs?query=table")) == ["Guests book a TABLE"]
        assert inputs(get("/find-specs?query=^guests")) == ["Guests pay", "Guests book a TABLE"]
        assert inputs(get("/find-specs?query=pay|table&limit=1&skip=1")) == ["Guests book a TABLE"]
        assert get("/find-specs?query=nothing").json == {"specs": [], "total": 0, "hasMore": False}

    @pytest.mark.parametrize("query", ["", "?query="])
    def test_needs_a_pattern(self, people, get, query):
        answer = get(f"/find-specs{query}")

        assert answer.status_code == 400
        assert (answer.json["error"], answer.json["message"]) == (
            "Bad Request",
            "Query parameter is required",
        )

    def test_refuses_what_is_no_pattern(self, people, get):
        answer = get("/find-specs?query=(")

        assert (answer.status_code, answer.json["error"]) == (400, "Bad Request")
        assert "no regular expression" in answer.json["message"]

    def test_is_not_held_up_by_a_pattern(self, ask, bell, get, monkeypatch):
        monkeypatch.setattr(finding, "SECONDS", 0.3)
        ask("a" * 50 + "!")

        answer = get("/find-specs?query=(a%2B)%2B$")

        assert answer.status_code == 400
        assert "takes too long" in answer.json["message"]

    def test_shows_nothing_of_others(self, ask, bell, people):
        ask("Guests book a table")

        query = queries.specs_of(people.eve)
        assert queries.specs_matching(query, "table", limit=20, skip=0) == ([], 0)
