"""Builds and deploys are listed in the language of all lists of apps, for whoever may see their app."""

import json

import pytest

from app.apps import operations, queries
from tests.apps.road import built, held_app


@pytest.fixture
def website(people, bell):
    app = held_app(people, bell)
    operations.deploy_build(built(app, bell, by=people.bob, index_html=b"second"), by=people.bob)
    bell.work()
    built(app, bell, by=people.bob, greenroom_toml=b'[build]\ncommand = "false"\n')
    return app


@pytest.fixture
def ask(people, api):
    key = people.key(people.vic)

    def list_them(path, **query):
        written = {
            name: json.dumps(value) if isinstance(value, (dict, list)) else value
            for name, value in query.items()
        }
        return api("GET", path, key, query_string=written)

    return list_them


def numbers(answer):
    return [build["sequenceNumber"] for build in answer.json["data"]]


class TestBuilds:
    def test_newest_first_in_parts(self, website, ask):
        first = ask("/builds", app_id=website.id, limit=2)
        rest = ask("/builds", app_id=website.id, limit=2, after=first.json["pageInfo"]["endCursor"])

        assert (numbers(first), numbers(rest)) == ([3, 2], [1])
        assert first.json["pageInfo"]["total"] == 3
        assert (first.json["pageInfo"]["hasNextPage"], rest.json["pageInfo"]["hasNextPage"]) == (True, False)

    def test_by_what_they_are(self, website, ask):
        assert numbers(ask("/builds", status="failed")) == [3]
        assert numbers(ask("/builds", trigger="auto", entity_id=website.id)) == [1]
        assert numbers(ask("/builds", workspace_id=str(website.project_id), limit=1)) == [3]
        assert numbers(
            ask("/builds", filter={"sequenceNumber": {"lt": 3}}, orderBy=[{"sequenceNumber": "asc"}])
        ) == [1, 2]
        assert numbers(ask("/builds", filter={"app": {"handle": {"eq": "nothing"}}})) == []

    def test_what_is_not_known_is_refused(self, website, ask):
        refused = ask("/builds", filter={"colour": {"eq": "red"}})

        assert refused.status_code == 400
        assert "sequenceNumber" in refused.json["message"]
        assert ask("/builds", after="nonsense").status_code == 400
        assert ask("/builds", status="odd").status_code == 422

    def test_a_stranger_sees_none(self, people, website, api):
        key = people.key(people.eve, organization=people.elsewhere)

        for path in ("/builds", "/deploys"):
            assert api("GET", path, key).json["pageInfo"]["total"] == 0


class TestDeploys:
    def test_by_how_far_they_are(self, website, ask):
        live = queries.live_deploy(website)

        done = ask("/deploys", status="completed").json
        same = ask(
            "/deploys", filter={"status": {"eq": "completed"}}, orderBy=[{"status": "asc"}], limit=1
        ).json
        rest = ask(
            "/deploys",
            filter={"status": {"eq": "completed"}},
            orderBy=[{"status": "asc"}],
            after=same["pageInfo"]["endCursor"],
        ).json

        assert [(each["id"] == live.id, each["live"]) for each in done["data"]] == [
            (True, True),
            (False, False),
        ]
        assert {each["id"] for each in same["data"] + rest["data"]} == {each["id"] for each in done["data"]}
        assert ask("/deploys", build_id=live.build_id).json["pageInfo"]["total"] == 1
        assert ask("/deploys", status="failed").json["data"] == []
        assert (
            ask("/deploys", filter={"build": {"sequenceNumber": {"eq": 2}}}).json["data"][0]["id"] == live.id
        )
