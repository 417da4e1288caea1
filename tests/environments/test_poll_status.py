"""A poll for an environment's status is one indexed read, the quick way, whichever header its key came in."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from app.core import installation as here
from app.core.db import current_engine, session


@pytest.fixture
def poll(people, ready, app):
    """Ask for the status of a ready environment of Bob's, by the API key of somebody."""
    environment, _ = ready()
    place = f"/api/v1/org/acme/ws/{environment.project.slug}/environments/{environment.id}/status"
    client = app.test_client()

    def ask(key: str, *, header: str = "Authorization", agent: str = "curl/8", query: str = ""):
        presented = f"Bearer {key}" if header == "Authorization" else key
        return client.get(f"{place}{query}", headers={header: presented, "User-Agent": agent})

    return ask


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What is asked of the database, whichever way (SQLite tells)."""
    engine = current_engine()
    if engine.dialect.name != "sqlite":
        pytest.skip("SQLite alone tells what it was asked on a plain connection")
    heard: list[str] = []

    def listen(connection, _record, _proxy) -> None:
        connection.set_trace_callback(heard.append)

    event.listen(engine, "checkout", listen)
    yield heard
    event.remove(engine, "checkout", listen)
    raw = engine.raw_connection()
    raw.set_trace_callback(None)
    raw.close()


def is_quick(answer) -> bool:
    """Whether it was answered before the application was bothered."""
    return "Vary" not in answer.headers


class TestQuickWay:
    @pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
    def test_says_the_same_by_either_header(self, people, poll, header):
        key = people.key(people.ada, "read")
        slow = poll(key)  # notes the key's use

        quick = poll(key, header=header)
        seen = poll(key, header=header, query="?wait=0")

        assert [is_quick(each) for each in (slow, quick, seen)] == [False, True, False]
        assert slow.data == quick.data == seen.data
        assert slow.headers["ETag"] == quick.headers["ETag"]
        assert quick.json["state"] == "ready"
        assert quick.json["execute_token"] is None

    def test_still_gives_the_token_to_who_made_it_once(self, people, poll, api):
        key = people.key(people.bob, "read")
        assert api("GET", "/users/me", key).status_code == 200  # notes the key's use

        answers = [poll(key) for _ in range(3)]

        assert [bool(each.json["execute_token"]) for each in answers] == [True, False, False]
        assert [is_quick(each) for each in answers] == [False, True, True]

    def test_lets_no_one_in_who_may_not_read(self, people, poll):
        stranger = people.key(people.eve, organization=people.elsewhere)

        assert poll(stranger).status_code == 404
        assert poll("gr_wrong").status_code == 401

    def test_is_not_for_a_client_that_may_be_too_old(self, people, poll, monkeypatch):
        key = people.key(people.ada, "read")
        poll(key)
        monkeypatch.setattr(
            here, "_here", [replace(here.installation(), oldest_clients={"dreadnode-sdk": (2, 0)})]
        )

        refused = poll(key, agent="dreadnode-sdk/1.9")

        assert refused.status_code == 426
        assert refused.json["type"] == "upgrade_required_error"


class TestOneRead:
    def test_is_one_statement_that_goes_by_indexes_alone(self, people, poll, statements):
        key = people.key(people.ada, "read")
        poll(key)
        statements.clear()

        assert is_quick(poll(key))

        asked = [each for each in statements if each.lstrip().upper().startswith("SELECT")]
        assert len(asked) == 1
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {asked[0]}")).all()
        assert [row.detail for row in plan if row.detail.startswith("SCAN ")] == []
        assert any("environments" in row.detail for row in plan)
