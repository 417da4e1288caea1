"""The OpenAPI 3.1 document, made from the same declarations and shapes that answer."""

import re
from types import UnionType
from typing import Any, get_args

from flask import Blueprint, Response, current_app, jsonify, render_template
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.web import guards
from app.web.api import Operation, registry

blueprint = Blueprint("docs", __name__)

_ERROR = {
    "type": "object",
    "required": ["code", "type", "error", "message", "detail", "requestId"],
    "properties": {
        "code": {"type": "integer"},
        "type": {"type": "string", "description": "Stable and machine-readable."},
        "error": {"type": "string"},
        "message": {"type": "string", "description": "A sentence that says what to do next."},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "msg": {"type": "string"},
                    "type": {"type": "string"},
                },
            },
        },
        "requestId": {"type": "string"},
        "current": {"type": "object", "description": "How it stands, where somebody else changed it first."},
        "sent": {"type": "object", "description": "What was to become of it."},
    },
}
_META = {
    "type": "object",
    "required": ["page", "limit", "total", "totalPages"],
    "properties": {
        **{name: {"type": "integer"} for name in ("page", "limit", "total", "totalPages")},
        "nextCursor": {
            "type": ["string", "null"],
            "description": "Where a list that has it goes on; null at its end.",
        },
    },
}
_PARAMETER = re.compile(r"<(?:(?P<kind>[a-z_]+)(?:\([^)]*\))?:)?(?P<name>[A-Za-z_]+)>")


def document() -> dict[str, Any]:
    """Return the whole document as plain data."""
    references, components = _components()
    paths: dict[str, dict[str, Any]] = {}
    for operation in registry.operations:
        paths.setdefault(path_of(operation), {})[operation.method.lower()] = _describe(operation, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Greenroom",
            "version": current_app.config["VERSION"],
            "description": "From a product request to a running preview.",
        },
        "servers": [{"url": current_app.config["OWN_ORIGIN"]}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Error": _ERROR, "PageMeta": _META},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, or a token from /api/auth/token.",
                }
            },
        },
    }


def path_of(operation: Operation) -> str:
    """Return an operation's path as the documentation writes it."""
    return _PARAMETER.sub(lambda found: "{" + camel(found["name"]) + "}", operation.path)


def camel(name: str) -> str:
    """Write a parameter's name as the API does."""
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)


def _components() -> tuple[dict[tuple[type[BaseModel], str], str], dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], str], None] = {}
    for operation in registry.operations:
        if operation.body is not None:
            wanted[operation.body, "validation"] = None
        shape, _ = _shape_of(operation.answer)
        if shape is not None:
            wanted[shape, "serialization"] = None
        if operation.trouble is not None:
            wanted[operation.trouble, "serialization"] = None
    schemas, definitions = models_json_schema(
        list(wanted),  # type: ignore[arg-type]
        ref_template="#/components/schemas/{model}",
    )
    references = {key: value["$ref"] for key, value in schemas.items() if "$ref" in value}
    return references, definitions.get("$defs", {})  # type: ignore[return-value]


def _describe(operation: Operation, references: dict[Any, str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.endpoint.replace(".", "_"),
        "summary": operation.name,
        "description": operation.description or operation.name,
        "tags": [operation.family],
        "parameters": [
            *_path_parameters(operation),
            *_query_parameters(operation),
            *_tag_parameters(operation),
        ],
        "responses": _responses(operation, references),
    }
    if operation.public:
        described["security"] = []
    if operation.body is not None:
        described["requestBody"] = {
            "required": any(field.is_required() for field in operation.body.model_fields.values()),
            "content": {"application/json": {"schema": {"$ref": references[operation.body, "validation"]}}},
        }
    if operation.files is not None and operation.body is not None:
        one = {"type": "string", "format": "binary"}
        whole: dict[str, Any] = {
            "allOf": [
                {"$ref": references[operation.body, "validation"]},
                {"type": "object", "properties": {operation.files: one}},
            ]
        }
        described["requestBody"]["content"]["multipart/form-data"] = {"schema": whole}
    elif operation.files is not None:
        many = {"type": "array", "items": {"type": "string", "format": "binary"}}
        schema = {"type": "object", "required": [operation.files], "properties": {operation.files: many}}
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    kinds = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
    return [
        {
            "name": camel(found["name"]),
            "in": "path",
            "required": True,
            "schema": kinds.get(found["kind"] or "", {"type": "string"}),
        }
        for found in _PARAMETER.finditer(operation.path)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    definitions = schema.get("$defs", {})

    def inline(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return definitions[value["$ref"].rsplit("/", 1)[1]]
            return {key: inline(inner) for key, inner in value.items()}
        return [inline(inner) for inner in value] if isinstance(value, list) else value

    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": inline(details)}
        for name, details in schema.get("properties", {}).items()
    ]


def _tag_parameters(operation: Operation) -> list[dict[str, Any]]:
    said = {
        "If-None-Match": ("The `ETag` that you have: an unchanged one answers 304.", operation.tagged),
        "If-Match": ("The `ETag` that you read: a newer one answers 412.", operation.changes is not None),
    }
    return [
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": words}
        for name, (words, is_taken) in said.items()
        if is_taken
    ]


def _responses(operation: Operation, references: dict[Any, str]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": operation.name}
    if operation.status != 204:  # noqa: PLR2004
        good["content"] = {operation.content_type: {"schema": _answered(operation, references)}}
    if operation.tagged or operation.changes:
        good["headers"] = {"ETag": {"schema": {"type": "string"}}}
    answers: dict[str, Any] = {str(operation.status): good}
    if operation.tagged:
        answers["304"] = {"description": "It is as you have it."}
    error = "#/components/schemas/Error"
    if operation.trouble is not None:
        error = references[operation.trouble, "serialization"]
    for status in sorted(_expected(operation) | set(operation.errors)):
        answers[str(status)] = {
            "description": "See `message`.",
            "content": {"application/json": {"schema": {"$ref": error}}},
        }
    return answers


def _shape_of(answer: Any) -> tuple[type[BaseModel] | None, bool]:
    """Return the shape that an operation answers with, and whether it may be null instead."""
    is_optional = isinstance(answer, UnionType)
    parts = get_args(answer) if is_optional else (answer,)
    found = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
    return (found[0] if found else None), is_optional


def _answered(operation: Operation, references: dict[Any, str]) -> dict[str, Any]:
    """Return the schema of an operation's success."""
    schema: dict[str, Any] = {}
    shape, is_optional = _shape_of(operation.answer)
    if shape is not None:
        schema = {"$ref": references[shape, "serialization"]}
    if is_optional:
        schema = {"anyOf": [schema, {"type": "null"}]}
    if operation.answer is str:
        schema = {"type": "string"}
    if operation.answer is bytes:
        schema = {"type": "string", "contentMediaType": operation.content_type}
    if operation.many:
        schema = {"type": "array", "items": schema}
    if operation.enveloped and operation.content_type == "application/json":
        schema = {"type": "object", "required": ["data"], "properties": {"data": schema}}
        if operation.many:
            schema["properties"]["meta"] = {"$ref": "#/components/schemas/PageMeta"}
            schema["required"] = ["data", "meta"]
    return schema


def _expected(operation: Operation) -> set[int]:
    """Return the errors that come with what an operation takes; its own are added to them."""
    expected = {400, 422} | ({401, 403, 404} if not operation.public else set())
    if "<" in operation.path:
        expected |= {404}
    if operation.method not in guards.SAFE:
        expected |= {409, 413}
    if operation.changes is not None:
        expected |= {412}
    if operation.trouble is not None:  # a family with an error body of its own says these as 400
        expected -= {413, 422}
    return expected


@blueprint.get("/api/openapi.json")
@guards.public
def openapi() -> Response:
    """Give the OpenAPI 3.1 document."""
    return jsonify(document())


@blueprint.get("/api/docs")
@guards.public
def docs() -> str:
    """Show the API's documentation, made on this server from our own files."""
    return render_template("docs/api.html", document=document())
