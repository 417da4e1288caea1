"""What programs may count on is served, each with the shape of what it answers."""

import csv
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

Operation = tuple[str, str]  # method, path

# Not served yet; whoever adds one takes it off.
MISSING: frozenset[Operation] = frozenset()

# Parts of shapes that may be anything, each with the reason.
ANYTHING: Mapping[str, str] = {
    "TransitionPayload.ticked[]": "what is no place of a scenario is left out",
    "TransitionPayload.element": "what was pointed at; what is no pin is left out",
    "TransitionPayload.elements": "what was pointed at; what is no pin is left out",
}
_WORDS = {"title", "description", "default", "examples"}
_WITHOUT_A_BODY = {"204", "304"}


def contract() -> set[Operation]:
    """Return the operations of the contract, by method and path."""
    with (Path(__file__).parent / "contract.csv").open(newline="") as file:
        return {(row["method"], row["path"]) for row in csv.DictReader(file)}


def served(document: Mapping[str, Any]) -> set[Operation]:
    """Return the operations of the document."""
    return {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}


def broken_promises(document: Mapping[str, Any], missing: Collection[Operation]) -> list[str]:
    """Return what is promised but not served, unless it is listed, and what is listed but served."""
    here = served(document)
    return sorted(
        [f"not served: {' '.join(each)}" for each in contract() - here - set(missing)]
        + [f"served, but listed as missing: {' '.join(each)}" for each in here & set(missing)]
        + [f"listed, but never promised: {' '.join(each)}" for each in set(missing) - contract()]
    )


def shapeless_answers(document: Mapping[str, Any]) -> list[str]:
    """Return the answers, errors among them, that have a body and do not say of which shape."""
    return [
        f"{method.upper()} {path} {status}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
        if status not in _WITHOUT_A_BODY
        and not any(
            kind == "text/event-stream" or content.get("schema")
            for kind, content in answer.get("content", {}).items()
        )
    ]


def vague(document: Mapping[str, Any]) -> set[str]:
    """Return the parts of shapes that say nothing of what is in them."""
    schemas = document["components"]["schemas"]
    return {part for name, schema in schemas.items() for part in _vague(schema, name)}


def _vague(schema: Mapping[str, Any], name: str) -> Iterator[str]:
    if not set(schema) - _WORDS:
        yield name
    for part, inner in schema.get("properties", {}).items():
        yield from _vague(inner, f"{name}.{part}")
    if schema.get("type") == "array":
        yield from _vague(schema.get("items", {}), f"{name}[]")
    for inner in schema.get("anyOf", ()):
        yield from _vague(inner, name)


@pytest.fixture
def document(app) -> dict[str, Any]:
    return app.test_client().get("/api/openapi.json").json


class TestTheContract:
    def test_is_kept_but_for_what_is_listed(self, document):
        assert broken_promises(document, MISSING) == []

    def test_says_the_shape_of_every_answer(self, document):
        assert shapeless_answers(document) == []

    def test_leaves_open_only_what_has_a_reason(self, document):
        assert vague(document) == set(ANYTHING)


class TestTheRules:
    def test_see_what_is_not_served(self, document):
        bad = deepcopy(document)
        del bad["paths"]["/api/users/me"]["put"]

        assert broken_promises(bad, MISSING) == ["not served: PUT /api/users/me"]

    def test_see_a_list_that_is_too_long(self, document):
        listed = {*MISSING, ("GET", "/api/users/me"), ("GET", "/api/nothing")}

        assert broken_promises(document, listed) == [
            "listed, but never promised: GET /api/nothing",
            "served, but listed as missing: GET /api/users/me",
        ]

    def test_see_an_answer_without_a_shape(self, document):
        bad = deepcopy(document)
        bad["paths"]["/api/users/me"]["get"]["responses"]["404"] = {"description": "Not found"}

        assert shapeless_answers(bad) == ["GET /api/users/me 404"]

    def test_see_a_part_that_may_be_anything(self, document):
        bad = deepcopy(document)
        bad["components"]["schemas"]["UserOut"]["properties"]["organizations"] = {"type": "array"}

        assert vague(bad) - set(ANYTHING) == {"UserOut.organizations[]"}
