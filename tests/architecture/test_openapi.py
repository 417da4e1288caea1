"""The OpenAPI document is valid, and every operation in it says what it does and what it answers."""

from copy import deepcopy
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.architecture import operations


def wordless(document: dict[str, Any]) -> list[str]:
    """Return the operations that do not say more than their name."""
    return [
        name
        for name, operation in _operations(document)
        if not operation.get("description") or operation["description"] == operation["summary"]
    ]


def shapeless(document: dict[str, Any]) -> list[str]:
    """Return the operations whose success has no schema, or an empty one."""
    found = []
    for name, operation in _operations(document):
        good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for answer in good:
            content = answer.get("content", {})
            is_nothing = "204" in operation["responses"]
            is_stream = "text/event-stream" in content
            is_shaped = any(_says_something(each.get("schema", {})) for each in content.values())
            if not (is_nothing or is_stream or is_shaped):
                found.append(name)
        if not good:
            found.append(name)
    return found


def _says_something(schema: dict[str, Any]) -> bool:
    inner = schema.get("properties", {}).get("data", schema)
    return bool(inner.get("items", inner) if inner.get("type") == "array" else inner)


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def sought_otherwise(document: dict[str, Any]) -> list[str]:
    """Return the lists that are narrowed by `search`, where all others say `q`."""
    return [
        name
        for name, operation in _operations(document)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter["name"] == "search"
    ]


def odd(document: dict[str, Any]) -> list[str]:
    """Return what makes the document no OpenAPI 3.1."""
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]


@pytest.fixture
def document(app) -> dict[str, Any]:
    answer = app.test_client().get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json


class TestTheDocument:
    def test_is_openapi_3_1(self, document):
        assert document["openapi"].startswith("3.1")
        assert odd(document) == []

    def test_says_what_each_operation_does(self, document):
        assert wordless(document) == []

    def test_shows_what_each_operation_answers(self, document):
        assert shapeless(document) == []

    def test_holds_every_operation(self, document):
        shown = {tuple(name.split(" ", 1)) for name, _ in _operations(document)}

        assert shown == {(method, path) for _, method, path, _ in operations.declared()}

    def test_names_each_operation_once(self, document):
        ids = [operation["operationId"] for _, operation in _operations(document)]

        assert len(ids) == len(set(ids))

    def test_finds_words_by_the_same_parameter_everywhere(self, document):
        assert sought_otherwise(document) == []


class TestTheRules:
    @pytest.fixture
    def bad(self, document) -> dict[str, Any]:
        return deepcopy(document)

    def test_see_a_document_that_is_none(self, bad):
        bad["paths"]["/api/projects/{id}"]["get"]["parameters"] = []

        assert len(odd(bad)) == 1

    def test_see_an_operation_without_words(self, bad):
        mine = bad["paths"]["/api/users/me"]
        mine["get"]["description"] = mine["get"]["summary"]
        mine["put"]["description"] = ""

        assert wordless(bad) == ["GET /api/users/me", "PUT /api/users/me"]

    def test_see_an_answer_without_a_shape(self, bad):
        bad["paths"]["/api/users/me"]["get"]["responses"] = {"400": {"description": "x"}}
        content = bad["paths"]["/api/users/me"]["put"]["responses"]["200"]["content"]
        content["application/json"]["schema"]["properties"]["data"] = {}

        assert shapeless(bad) == ["GET /api/users/me", "PUT /api/users/me"]

    def test_see_a_list_in_which_words_are_found_otherwise(self, bad):
        parameters = bad["paths"]["/api/projects"]["get"]["parameters"]
        parameters.append({"name": "search", "in": "query", "schema": {"type": "string"}})

        assert sought_otherwise(bad) == ["GET /api/projects"]
