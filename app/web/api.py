"""JSON endpoints: one decorator reads the input, wraps the answer and tells OpenAPI about both."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_origin

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, TypeAdapter
from werkzeug.exceptions import BadRequest

from app.core.errors import Invalid
from app.core.paging import Page
from app.web import guards
from app.web.schemas import read

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the API, as the documentation needs it."""

    method: str
    path: str  # as Flask writes it, with the prefix
    name: str
    family: str
    endpoint: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: Any = None
    many: bool = False
    status: int = 200
    public: bool = False
    scope: str | None = None
    errors: tuple[int, ...] = ()
    description: str = ""
    content_type: str = "application/json"
    enveloped: bool = True
    files: str | None = None


@dataclass
class Registry:
    """Every operation that was declared, in order."""

    operations: list[Operation] = field(default_factory=list)

    def add(self, operation: Operation) -> None:
        self.operations = [
            known
            for known in self.operations
            if (known.method, known.path) != (operation.method, operation.path)
        ]
        self.operations.append(operation)


registry = Registry()


def endpoint(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    operation: str,
    family: str = "requests",
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    answer: Any = None,
    many: bool = False,
    status: int = 200,
    public: bool = False,
    scope: str | None = None,
    errors: tuple[int, ...] = (),
    content_type: str = "application/json",
    enveloped: bool = True,
    files: str | None = None,
) -> Callable[[View], View]:
    """Declare a JSON operation at `/api` + `path`.

    The view gets the path's parameters, `body=` and `query=` validated by their shapes, and returns what the
    shape `answer` can be made from: a record, a shape, a `Page` for `many`, or a finished `Response`. `files`
    names the field of a `multipart/form-data` body that holds files.
    """

    def declare(view: View) -> View:
        adapter = TypeAdapter(answer) if answer is not None else None

        @functools.wraps(view)
        def answer_json(**arguments: Any) -> Response:
            if body is not None:
                arguments["body"] = read(body, json_body(), place="body")
            if query is not None:
                arguments["query"] = read(query, _asked(query), place="query")
            result = view(**arguments)
            if isinstance(result, Response):
                return result
            return answer_with(result, adapter, many=many, status=status, enveloped=enveloped)

        if public:
            answer_json = guards.from_programs(guards.public(answer_json))
        if getattr(view, "guards_itself", False):
            answer_json = guards.guards_itself(answer_json)
        if files is not None:
            answer_json = guards.takes_files(answer_json)
        if scope is not None:
            answer_json = guards.needs_scope(scope)(answer_json)
        name = f"{method.lower()}_{view.__name__}"
        blueprint.add_url_rule(f"/api{path}", name, answer_json, methods=[method])
        registry.add(
            Operation(
                method=method,
                path=f"/api{path}",
                name=operation,
                family=family,
                endpoint=f"{blueprint.name}.{name}",
                body=body,
                query=query,
                answer=answer,
                many=many,
                status=status,
                public=public,
                scope=scope,
                errors=errors,
                description=(view.__doc__ or "").strip(),
                content_type=content_type,
                enveloped=enveloped,
                files=files,
            )
        )
        return view

    return declare


def _asked(shape: type[BaseModel]) -> dict[str, Any]:
    """Read the address: every value of what may be there several times, the first of anything else."""
    many = {
        field.alias or name
        for name, field in shape.model_fields.items()
        if get_origin(field.annotation) is list
    }
    return {name: values if name in many else values[0] for name, values in request.args.lists()}


def json_body() -> Any:
    """Read the request's JSON body; nothing at all counts as an empty object."""
    if not request.content_length and not request.get_data(cache=True):
        return {}
    if not request.is_json:
        raise Invalid(
            "Send the body as JSON, with `Content-Type: application/json`.",
            errors=[{"loc": ["body"], "msg": "not JSON", "type": "json_type"}],
        )
    try:
        return request.get_json()
    except BadRequest:
        raise Invalid(
            "The body is not valid JSON.",
            errors=[{"loc": ["body"], "msg": "not valid JSON", "type": "json_invalid"}],
        ) from None


def answer_with(
    result: Any, adapter: TypeAdapter[Any] | None, *, many: bool, status: int, enveloped: bool
) -> Response:
    """Write an answer: `{"data": …}`, with `meta` for a page of a list."""
    if adapter is None and result is None:
        return Response(status=204) if status == 204 else _json({"data": None}, status)  # noqa: PLR2004
    meta = None
    if isinstance(result, Page):
        meta, result = result.meta, result.items
    if adapter is None:
        written = TypeAdapter(Any).dump_json(result)
    elif many:
        shaped = [adapter.validate_python(item, from_attributes=True) for item in result]
        written = TypeAdapter(list[Any]).dump_json(shaped, by_alias=True)
    else:
        written = adapter.dump_json(adapter.validate_python(result, from_attributes=True), by_alias=True)
    if enveloped:
        tail = b"," + b'"meta":' + TypeAdapter(Any).dump_json(meta) if meta is not None else b""
        written = b'{"data":' + written + tail + b"}"
    return current_app.response_class(written, status, mimetype="application/json")


def _json(data: Any, status: int) -> Response:
    return current_app.response_class(TypeAdapter(Any).dump_json(data), status, mimetype="application/json")
