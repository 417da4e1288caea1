"""Every operation of the API answers as the OpenAPI document says, whatever it is sent.

Streams are read to their end, which comes at once: nothing is being built here. `wait` waits for nothing for
the same reason. What git speaks is no part of the document.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.wsgi import ClosingIterator

from app.core import db, jobs
from app.web.api import Operation, registry
from app.web.openapi import camel, path_of
from tests.architecture.decisions import DECISIONS
from tests.architecture.test_routes import routes_of
from tests.architecture.world import World
from tests.support.people import People

EXAMPLES = 8
ABOUT_THE_API = {"GET /api/openapi.json": "it is the document", "GET /api/docs": "it is a page"}
NAMES = [name for name in DECISIONS if " /api/" in name and name not in ABOUT_THE_API]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REQUESTER = 3

# What is written into each field of a body, one after the other.
ODD_THINGS = {
    "a NUL": "a\x00b",
    "half a character": "\ud800",
    "a text that turns around": "\u202egnp.exe",
    "two lines": "Hello\r\nX-Injected: yes",
    "a number": 10**30,
    "too many digits": 1e300 * 1e10,
    "a list": ["Hello"],
    "an object": {"": None},
    "a moment in no zone": "2999-12-31T23:59:59",
    "a moment past the calendar": "9999-12-31T23:59:59-12:00",
    "a very long text": "lorem " * 20_000,
}
# What is sent instead of a body.
ODD_BODIES = {
    "nothing valid": (b"{", "application/json"),
    "a list": (b"[]", "application/json"),
    "a word": (b'"Hello"', "application/json"),
    "nothing at all": (b"null", "application/json"),
    "no number": (b'{"title": NaN, "page": Infinity}', "application/json"),
    "a deep list": (b"[" * 20_000 + b"]" * 20_000, "application/json"),
    "another encoding": ('{"title": "Ä"}'.encode("utf-16"), "application/json"),
    "a form": (b"title=Hello", "application/x-www-form-urlencoded"),
    "a text": (b"Hello", "text/plain; charset=nowhere"),
    "parts without an end": (b"--x\r\n", "multipart/form-data; boundary=x"),
}
ODD_QUERIES = (
    "page=0&limit=-1",
    f"page={10**30}&limit={10**30}",
    "page=9223372036854775807&limit=100",
    "page=1e3",
    "page=&limit=",
    "q=%00",
    "q=%ff%fe",
    "q=%25_%5C",
    "wait=nan",
    "offset=-99999999999999999999",
    f"offset={10**30}&limit=0",
    "lastEventId=1%0Aevent:%20done",
)


class Place:
    """One operation with what it is about, and somebody who may do it."""

    def __init__(self, app: Flask, people: People, name: str, document: dict[str, Any]) -> None:
        self._app, self._decision = app, DECISIONS[name]
        method, _, rule = name.partition(" ")
        self.declared = _declared(method, rule)
        schema = schemathesis.openapi.from_dict(document)
        schema.app = _closing(app)
        self.operation: APIOperation = schema[path_of(self.declared)][method]
        self.world = World(people, self._decision.stage)
        arguments = routes_of(app)[name].arguments
        self.ids = {camel(each): self.world.parameter(rule, each) for each in arguments}
        is_own = self._decision.statuses[-1] >= 400
        with db.transaction():
            people.ada.is_admin = True
        self.headers = {"Authorization": f"Bearer {people.key(people.rae if is_own else people.ada)}"}

    @property
    def body(self) -> dict[str, Any]:
        body = self._decision.body
        return body(self.world) if callable(body) else body

    def as_decided(self) -> Case:
        """What the table of decisions sends."""
        query = self._decision.query
        more = {"body": self.body, "media_type": "application/json"} if self.declared.body else {}
        asked = query(self.world) if callable(query) else query
        return self.operation.Case(
            path_parameters=self.ids, query=dict(_pairs(asked)), headers=dict(self.headers), **more
        )

    def cases(self, mode: GenerationMode) -> list[Case]:
        """What follows from the document: what it allows, or what it does not."""
        found: list[Case] = []
        given_here = {"headers": dict(self.headers)}
        if mode is GenerationMode.POSITIVE:
            given_here["path_parameters"] = dict(self.ids)

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=self.operation.as_strategy(generation_mode=mode, **given_here))
        def keep(case: Case) -> None:
            found.append(case)

        with contextlib.suppress(Unsatisfiable):  # what takes nothing cannot be sent anything wrong
            keep()
        return found

    def send(self, case: Case) -> None:
        """Send it, and look at the answer."""
        case.call_and_validate(checks=CHECKS)
        self.leave()

    def send_raw(self, *, query: str = "", **more: Any) -> None:
        """Send what no client of ours would."""
        path = self.operation.path.format(**self.ids) + (f"?{query}" if query else "")
        answer = self._app.test_client().open(path, method=self.declared.method, headers=self.headers, **more)
        assert answer.status_code < 500, answer.text
        case = self.operation.Case(path_parameters=self.ids)
        case.validate_response(answer, checks=CHECKS)
        answer.close()
        self.leave()

    def leave(self) -> None:
        db.session.rollback()
        db.session.expire_all()


def _closing(app: Flask) -> Callable[..., list[bytes]]:
    """Serve as the app does, and close what it opened once all of it is read, as a server would."""

    def serve(environ: Any, start_response: Any) -> list[bytes]:
        with contextlib.closing(ClosingIterator(app(environ, start_response))) as answer:
            return list(answer)

    return serve


def _declared(method: str, rule: str) -> Operation:
    return next(each for each in registry.operations if (each.method, each.path) == (method, rule))


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        yield name, value


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    return app.test_client().get("/api/openapi.json").json


@pytest.fixture
def place(
    app: Flask,
    people: People,
    bell: Any,
    document: dict[str, Any],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    if name.endswith("-spec"):  # it answers with the whole, so that a worker is done at once
        monkeypatch.setattr(jobs, "_enqueue", lambda run_id, *_: jobs.perform(run_id))
    return Place(app, people, name, document)


@pytest.mark.parametrize("name", NAMES)
def test_answers_as_the_document_says(place: Place) -> None:
    if place.declared.files is None:  # pictures are sent by the document alone: bytes, and what are none
        place.send(place.as_decided())
    for case in place.cases(GenerationMode.POSITIVE):
        place.send(case)
    for case in place.cases(GenerationMode.NEGATIVE):
        place.send(case)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("GET")])
def test_reads_any_address(place: Place) -> None:
    for query in ODD_QUERIES:
        place.send_raw(query=query)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("GET")])
def test_refuses_in_words_what_it_cannot_take(place: Place) -> None:
    for data, content_type in ODD_BODIES.values():
        place.send_raw(data=data, content_type=content_type)
    for body in _odd(place.declared.body) if place.declared.body else ():
        told = {name: value for name, value in place.body.items() if not isinstance(value, tuple)}
        place.send_raw(json={**told, **body})  # a file is not written as JSON


def _odd(shape: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """Every field of a shape, and of those within, with every odd thing in it."""
    for name, field in shape.model_fields.items():
        written = field.alias or name
        for odd in ODD_THINGS.values():
            yield {written: odd}
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            for inner in _odd(field.annotation):
                yield {written: inner}
