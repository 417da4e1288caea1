import json

import pytest

from app.apps import operations
from app.core.db import session, transaction


@pytest.fixture
def ask(people, api):
    """Ask for a list as Bob; what is JSON is written."""
    key = people.key(people.bob)

    def ask(path="/apps", **query):
        query = {
            name: json.dumps(value) if isinstance(value, dict | list) else value
            for name, value in query.items()
        }
        return api("GET", path, key, query_string=query)

    return ask


@pytest.fixture
def names(ask):
    """Return the names that a list answers with."""

    def names(path="/apps", **query):
        answer = ask(path, **query)
        assert answer.status_code == 200, answer.json
        return [each["name"] for each in answer.json["data"]]

    return names


@pytest.fixture
def four(make_app, people):
    """Four apps beside the project's own; two of them are described."""
    made = [make_app(name, is_public=name == "Delta") for name in ("Alpha", "Beta", "Gamma", "Delta")]
    made[1].retention_tier = None
    operations.edit_app(made[0], by=people.bob, description="First of all")
    operations.edit_app(made[2], by=people.bob, description="100% sure")
    return made


BY_NAME = [{"name": "asc"}]


class TestShorthands:
    def test_leave_all_that_is_visible(self, names, four):
        assert names(orderBy=BY_NAME) == ["Alpha", "Beta", "Delta", "Gamma", "Website"]

    def test_show_nothing_to_a_stranger(self, people, api, four):
        answer = api("GET", "/apps", people.key(people.eve, organization=people.elsewhere))

        assert answer.json == {
            "data": [],
            "pageInfo": {
                "total": 0,
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }

    def test_narrow_it_down(self, names, ask, people, four, make_app):
        assert names(name="ALPH") == ["Alpha"]
        assert names(name="%") == []
        assert names(public_access="true") == ["Delta"]
        assert names(default_version_id=four[1].default_version_id) == ["Beta"]
        assert names(created_by=str(people.bob.id), orderBy=BY_NAME) == ["Alpha", "Beta", "Delta", "Gamma"]
        assert names(status="live") == []
        assert names(source="integration") == []
        assert len(names(source="workspace")) == 5
        assert len(names(workspace_id=str(make_app.project.id))) == 5
        assert names(ids=f"{four[0].id},{four[3].id}", orderBy=BY_NAME) == ["Alpha", "Delta"]
        assert ask(status="sleepy").status_code == 422
        assert ask(limit=101).status_code == 422

    def test_say_what_is_deleted_only_where_that_is_asked_for(self, names, people, four):
        operations.edit_app(four[0], by=people.bob, config={"retentionTier": "long"})
        operations.delete_app(four[0], by=people.bob)

        assert names(orderBy=BY_NAME) == ["Beta", "Delta", "Gamma", "Website"]
        assert names(orderBy=BY_NAME, include_deleted="true") == [
            "Alpha",
            "Beta",
            "Delta",
            "Gamma",
            "Website",
        ]
        assert names(include_deleted="only") == ["Alpha"]
        assert names(include_deleted="true", retention_tier="long") == ["Alpha"]


class TestFilter:
    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({"name": {"eq": "Beta"}}, "Beta"),
            ({"name": "Beta"}, "Beta"),
            ({"name": {"neq": "Website"}, "publicAccess": {"eq": False}}, "Alpha Beta Gamma"),
            ({"name": {"in": ["Beta", "Delta"]}}, "Beta Delta"),
            ({"name": {"notIn": ["Website", "Beta"]}}, "Alpha Delta Gamma"),
            ({"name": {"contains": "ET"}}, "Beta"),
            ({"name": {"startsWith": "de"}}, "Delta"),
            ({"name": {"endsWith": "TA"}}, "Beta Delta"),
            ({"description": {"contains": "100%"}}, "Gamma"),
            ({"description": {"contains": "0%_"}}, ""),
            ({"name": {"lt": "Beta"}}, "Alpha"),
            ({"name": {"lte": "Beta"}}, "Alpha Beta"),
            ({"name": {"gt": "Gamma"}}, "Website"),
            ({"name": {"gte": "Gamma", "neq": "Website"}}, "Gamma"),
            ({"createdBy": {"isNull": True}}, "Website"),
            ({"createdBy": None}, "Website"),
            ({"createdBy": {"isNull": False}, "name": {"lt": "B"}}, "Alpha"),
            ({"status": {"eq": "draft"}, "name": {"eq": "Beta"}}, "Beta"),
            ({"createdAt": {"gt": "2100-01-01T00:00:00Z"}}, ""),
            ({"OR": [{"name": {"eq": "Beta"}}, {"publicAccess": {"eq": True}}]}, "Beta Delta"),
            ({"OR": []}, ""),
            ({"AND": [{"name": {"contains": "a"}}, {"NOT": {"name": {"contains": "l"}}}]}, "Beta Gamma"),
            ({"NOT": {"OR": [{"name": {"contains": "t"}}, {"name": {"contains": "ph"}}]}}, "Gamma"),
            ({"defaultVersion": {"name": {"eq": "next"}}}, "Gamma"),
            ({"NOT": {"defaultVersion": {"status": {"eq": "ready"}}}}, ""),
            ({"workspace": {"slug": {"eq": "website"}}, "name": {"eq": "Beta"}}, "Beta"),
        ],
    )
    def test_finds(self, names, people, four, wanted, found):
        fork = operations.fork_version(four[2], by=people.bob, name="next")
        operations.edit_app(four[2], by=people.bob, default_version_id=fork.id)

        assert names(filter=wanted, orderBy=BY_NAME) == found.split()

    @pytest.mark.parametrize(
        ("wanted", "said"),
        [
            ({"colour": {"eq": "red"}}, "'colour' to filter by. There are apiKeyId, createdAt"),
            ({"name": {"like": "x"}}, "'like'. There are eq, neq, in"),
            ({"defaultVersion": {"app": {"name": "x"}}}, "'app' to filter by. There are createdAt, id"),
            ({"defaultVersion": "x"}, "filtered by its own fields"),
            ({"name": {"eq": 1}}, "a text is expected"),
            ({"createdBy": {"eq": "bob"}}, "an id is expected"),
            ({"createdAt": {"gt": "yesterday"}}, "a moment"),
            ({"publicAccess": {"eq": "yes"}}, "true or false is expected"),
            ({"status": {"eq": "sleepy"}}, "one of draft, live is expected"),
            ({"publicAccess": {"contains": "x"}}, "compares texts"),
            ({"name": {"in": "Beta"}}, "is a list"),
            ({"name": {"isNull": "x"}}, "true or false"),
            ({"name": {"lt": None}}, "a text is expected"),
            ({"OR": {"name": "x"}}, "a list of filters"),
            ([1], "A filter is an object"),
            ("{", "not valid JSON"),
            ({"AND": [{"name": {"eq": "x"}}] * 51}, "more than 50"),
            ({"NOT": {"NOT": {"NOT": {"NOT": {"NOT": {"NOT": {"NOT": {}}}}}}}}, "nested more"),
        ],
    )
    def test_says_what_it_does_not_know(self, ask, wanted, said):
        answer = ask(filter=wanted)

        assert answer.status_code == 400
        assert said in answer.json["message"]


class TestOrder:
    @pytest.mark.parametrize(
        ("order", "found"),
        [
            ([{"name": "desc"}], "Website Gamma Delta Beta Alpha"),
            ([{"publicAccess": "desc"}, {"name": "asc"}], "Delta Alpha Beta Gamma Website"),
            ([{"createdBy": "asc_nulls_first"}, {"name": "asc"}], "Website Alpha Beta Delta Gamma"),
            ([{"createdBy": "asc_nulls_last"}, {"name": "asc"}], "Alpha Beta Delta Gamma Website"),
            ([{"createdBy": "desc_nulls_first"}, {"name": "asc"}], "Website Alpha Beta Delta Gamma"),
            ([{"createdBy": "desc_nulls_last"}, {"name": "asc"}], "Alpha Beta Delta Gamma Website"),
            ([{"status": "asc"}, {"name": "asc"}], "Alpha Beta Delta Gamma Website"),
            ({"name": "asc"}, "Alpha Beta Delta Gamma Website"),
        ],
    )
    def test_is_kept_through_all_pages_both_ways(self, ask, names, four, order, found):
        assert names(orderBy=order) == found.split()

        seen, cursor = [], {}
        while True:
            page = ask(orderBy=order, limit=2, **cursor).json
            assert page["pageInfo"]["total"] == 5
            assert page["pageInfo"]["hasPreviousPage"] == bool(seen)
            seen += [each["name"] for each in page["data"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            cursor = {"after": page["pageInfo"]["endCursor"]}
        back = ask(orderBy=order, limit=2, before=page["pageInfo"]["startCursor"]).json

        assert seen == found.split()
        assert [each["name"] for each in back["data"]] == found.split()[2:4]
        assert (back["pageInfo"]["hasPreviousPage"], back["pageInfo"]["hasNextPage"]) == (True, True)

    def test_stays_where_it_is_when_apps_come(self, ask, names, four, make_app):
        first = ask(orderBy=BY_NAME, limit=2).json
        make_app("Aaron")

        second = names(orderBy=BY_NAME, limit=2, after=first["pageInfo"]["endCursor"])

        assert second == ["Delta", "Gamma"]

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ({"orderBy": [{"colour": "asc"}]}, "no field 'colour'"),
            ({"orderBy": [{"name": "up"}]}, "asc_nulls_first"),
            ({"orderBy": []}, "is a list such as"),
            ({"orderBy": ["name"]}, "names one field"),
            ({"after": "guessed"}, "not one of this list"),
            ({"before": "e30.e30"}, "not one of this list"),
        ],
    )
    def test_says_what_it_does_not_know(self, ask, query, said):
        answer = ask(**query)

        assert answer.status_code == 400
        assert said in answer.json["message"]

    def test_takes_no_cursor_of_another_list(self, ask, four):
        cursor = ask(limit=1).json["pageInfo"]["endCursor"]

        assert ask(after=cursor, orderBy=BY_NAME).status_code == 400
        assert ask("/app-versions", after=cursor, app_id=four[0].id).status_code == 400


class TestVersions:
    def test_are_listed_for_their_app(self, names, ask, people, shop, main):
        fork = operations.fork_version(shop, by=people.bob, name="Next")

        assert names("/app-versions", app_id=shop.id, orderBy=BY_NAME) == ["Next", "main"]
        assert names("/app-versions", app_id=shop.id, parent_id=main.id) == ["Next"]
        assert names("/app-versions", app_id=shop.id, filter={"parent": {"name": "main"}}) == ["Next"]
        assert names("/app-versions", app_id=shop.id, filter={"app": {"handle": "elsewhere"}}) == []
        operations.delete_version(fork, by=people.bob)
        assert names("/app-versions", app_id=shop.id) == ["main"]
        assert names("/app-versions", app_id=shop.id, include_deleted="only") == ["Next"]

    def test_need_the_app_unless_an_admin_of_the_installation_asks(self, people, ask, api, shop):
        assert ask("/app-versions").status_code == 400
        with transaction():
            people.ada.is_admin = True
        session.flush()

        assert api("GET", "/app-versions", people.key(people.ada)).json["pageInfo"]["total"] == 2

    def test_are_nothing_to_a_stranger(self, people, api, shop):
        answer = api(
            "GET", f"/app-versions?app_id={shop.id}", people.key(people.eve, organization=people.elsewhere)
        )

        assert answer.status_code == 404
