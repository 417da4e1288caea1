"""Every route: a readable address, an explicit decision for each kind of caller, and that decision kept."""

import re
from collections.abc import Iterable, Mapping

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.core import db
from tests.architecture.decisions import DECISIONS, PUBLIC, Decision, row
from tests.architecture.world import Caller, World
from tests.support.people import People

ROLES = ("nobody", "stranger", "viewer", "requester", "developer", "admin")
SIGN_IN_FIRST = {302, 401}
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|\.git")
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
# Words that are looked up as they stand; every other parameter has a type.
SLUGS = {"organization", "project", "secret", "token"}
PATHS = {"rest", "filename"}
# Parameters that name nothing of somebody's.
_NOBODY_S = {"filename", "status", "secret", "token"}


def routes_of(app: Flask) -> dict[str, Rule]:
    """Return every route as `METHOD /its/rule`."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    }


def odd_addresses(app: Flask) -> list[str]:
    """Return the rules whose own words are not kebab-case."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        for segment in rule.rule.split("/")
        for word in [_PARAMETER.sub("", segment)]
        if word and not _KEBAB.fullmatch(word)
    ]


def odd_parameters(app: Flask) -> list[str]:
    """Return the parameters that have no type and are no slug that is known by name."""
    return [
        f"{rule.rule}: {found['name']}"
        for rule in app.url_map.iter_rules()
        for found in _PARAMETER.finditer(rule.rule)
        if (found["kind"] in {None, "string"} and found["name"] not in SLUGS)
        or (found["kind"] == "path" and found["name"] not in PATHS)
    ]


def undecided(app: Flask, table: Mapping[str, Decision]) -> list[str]:
    """Return the routes without a row, and the rows without a route."""
    return sorted(set(routes_of(app)) ^ set(table))


def open_doors(table: Mapping[str, Decision], public: Iterable[str]) -> list[str]:
    """Return the rows by which nobody gets further than the door, though they are not declared public."""
    return [
        name
        for name, decision in table.items()
        if decision.statuses[0] not in SIGN_IN_FIRST and name not in public
    ]


def leaks(table: Mapping[str, Decision], public: Iterable[str]) -> list[str]:
    """Return the rows by which a stranger learns that something of others exists."""
    return [
        name
        for name, decision in table.items()
        if {found["name"] for found in _PARAMETER.finditer(name)} - _NOBODY_S
        and decision.statuses[1] != 404
        and name not in public
    ]


def broken(app: Flask, people: People, name: str, decision: Decision) -> list[str]:
    """Call a route as everybody, and return where the answer differs from the decision."""
    method, _, _ = name.partition(" ")
    users = dict(zip(ROLES, (None, people.eve, people.vic, people.rae, people.bob, people.ada), strict=True))
    expected = dict(zip(ROLES, decision.statuses, strict=True))
    if decision.operator is not None:
        users["operator"], expected["operator"] = _operator(people), decision.operator
    found: list[str] = []
    world = World(people, decision.stage)
    for role, user in users.items():
        path, body = _address(app, name, decision, world), _body(decision, world)
        db.session.rollback()
        answer = Caller(app, people, user).call(method, path, body)
        if answer.status_code != expected[role]:
            found.append(f"{role}: {answer.status_code} instead of {expected[role]}: {answer.text[:300]}")
        if role == "nobody" and answer.status_code == 302 and name not in PUBLIC:
            assert answer.location.startswith("/sign-in"), answer.location
        answer.close()
        db.session.rollback()
        db.session.expire_all()
        if method != "GET" and answer.status_code < 400:
            world = World(
                people, decision.stage
            )  # what was done is done; the next one comes to a fresh place
    return found


def _operator(people: People):
    with db.transaction():
        user = people.make("Olga Operator")
        user.is_admin = True
    return user


def _address(app: Flask, name: str, decision: Decision, world: World) -> str:
    path = world.path(name.partition(" ")[2], of_rule=routes_of(app)[name])
    if decision.rest:
        path = path.replace("info/refs", decision.rest)
    query = decision.query(world) if callable(decision.query) else decision.query
    return f"{path}?{query}" if query else path


def _body(decision: Decision, world: World) -> dict:
    return decision.body(world) if callable(decision.body) else decision.body


class TestEveryRoute:
    def test_has_an_address_in_kebab_case(self, app):
        assert odd_addresses(app) == []

    def test_has_parameters_that_say_what_they_are(self, app):
        assert odd_parameters(app) == []

    def test_has_a_decision(self, app):
        assert undecided(app, DECISIONS) == []

    def test_asks_who_is_there_unless_it_says_why_not(self):
        assert open_doors(DECISIONS, PUBLIC) == []
        assert set(PUBLIC) <= set(DECISIONS)

    def test_tells_a_stranger_nothing(self):
        assert leaks(DECISIONS, PUBLIC) == []

    @pytest.mark.parametrize("name", DECISIONS)
    def test_answers_as_decided(self, app, people, bell, name):
        assert broken(app, people, name, DECISIONS[name]) == []


@pytest.fixture
def bad_app() -> Flask:
    """An application with one route against each rule."""
    bad = Flask("bad", static_folder=None)

    @bad.route("/openIssues")
    def camel() -> str:
        return ""

    @bad.route("/snake_case/<int:number>")
    def snake(number: int) -> str:
        return str(number)

    @bad.route("/things/<thing>")
    def untyped(thing: str) -> str:
        return thing

    @bad.route("/files/<path:anything>")
    def any_path(anything: str) -> str:
        return anything

    @bad.route("/good-things/<uuid:thing_id>/<organization>.git")
    def good(thing_id: object, organization: str) -> str:
        return f"{thing_id}{organization}"

    return bad


class TestTheRules:
    def test_see_addresses_in_other_cases(self, bad_app):
        assert odd_addresses(bad_app) == ["/openIssues", "/snake_case/<int:number>"]

    def test_see_parameters_without_a_type(self, bad_app):
        assert odd_parameters(bad_app) == ["/things/<thing>: thing", "/files/<path:anything>: anything"]

    def test_see_a_new_route_and_a_row_of_none(self, bad_app):
        table = {
            "GET /openIssues": row(302, 404, 200, 200, 200, 200),
            "GET /snake_case/<int:number>": row(302, 404, 200, 200, 200, 200),
            "GET /files/<path:anything>": row(302, 404, 200, 200, 200, 200),
            "GET /good-things/<uuid:thing_id>/<organization>.git": row(302, 404, 200, 200, 200, 200),
            "GET /gone": row(302, 404, 200, 200, 200, 200),
        }

        assert undecided(bad_app, table) == ["GET /gone", "GET /things/<thing>"]

    def test_see_a_door_that_stands_open(self):
        table = {"GET /a": row(200, 404, 200, 200, 200, 200), "GET /b": row(302, 404, 200, 200, 200, 200)}

        assert open_doors(table, public={}) == ["GET /a"]
        assert open_doors(table, public={"GET /a": "for a reason"}) == []

    def test_see_what_a_stranger_may_learn(self):
        table = {
            "GET /<organization>": row(302, 403, 200, 200, 200, 200),
            "GET /<organization>/members": row(302, 404, 200, 200, 200, 200),
            "GET /inbox": row(302, 200, 200, 200, 200, 200),
        }

        assert leaks(table, public={}) == ["GET /<organization>"]

    def test_see_an_answer_that_was_not_decided(self, app, people):
        wrong = row(302, 200, 200, 200, 403, 200)

        found = broken(app, people, "GET /<organization>/<project>/live", wrong)

        assert [line[:30] for line in found] == [
            "stranger: 404 instead of 200: ",
            "developer: 200 instead of 403:",
        ]

    def test_see_a_permission_that_was_forgotten(self, app, people, bell, monkeypatch):
        from app.apps.operations import first_app

        monkeypatch.setattr(first_app, "can_develop", lambda *_: True)
        name = "POST /<organization>/<project>/live"

        assert [line[:20] for line in broken(app, people, name, DECISIONS[name])] == [
            "viewer: 303 instead ",
            "requester: 303 inste",
        ]

    def test_see_a_query_that_shows_what_is_others(self, app, people, monkeypatch):
        from sqlalchemy import select

        from app.apps.views import base
        from app.projects.models import Project

        monkeypatch.setattr(base, "project_at", lambda *_: select(Project))
        name = "GET /<organization>/<project>/live"

        assert [line[:20] for line in broken(app, people, name, DECISIONS[name])] == ["stranger: 200 instea"]
