"""JSON endpoints: one decorator reads the input, wraps the answer and tells OpenAPI about both."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_origin

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, TypeAdapter
from pydantic_core import from_json

from app.core.errors import Invalid
from app.core.paging import Page, whole
from app.web import etag, guards
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
    trouble: type[BaseModel] | None = None
    tagged: bool = False
    changes: Callable[..., Any] | None = None


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
    prefix: str = "/api",
    sent: Callable[[], Any] | None = None,
    trouble: type[BaseModel] | None = None,
    tagged: bool = False,
    changes: Callable[..., Any] | None = None,
) -> Callable[[View], View]:
    """Declare a JSON operation at `prefix` + `path`.

    The view gets the path's parameters, `body=` and `query=` validated by their shapes, and returns what the
    shape `answer` can be made from: a record, a shape, a `Page` for `many`, or a finished `Response`. `files`
    names the field of a `multipart/form-data` body that holds files. A `tagged` answer has an `ETag`; with
    the answer of the view that an operation `changes`, `If-Match` is compared. `sent` gets the body where it
    is not JSON alone, and `trouble` is the shape of its errors, where a family has its own
    (`errors.speak_as`).
    """

    def declare(view: View) -> View:
        adapter = TypeAdapter(answer) if answer is not None else None

        def write(result: Any) -> Response:
            answered = answer_with(result, adapter, many=many, status=status, enveloped=enveloped)
            return etag.tagged(answered) if tagged or changes else answered

        act = view if changes is None else etag.unless_outdated(view, changes, write)

        @functools.wraps(view)
        def answer_json(**arguments: Any) -> Response:
            if body is not None:
                arguments["body"] = read(body, (sent or json_body)(), place="body")
            if query is not None:
                arguments["query"] = read(query, _asked(query), place="query")
            result = act(**arguments)
            return result if isinstance(result, Response) else write(result)

        served = _guarded(answer_json, view, public=public, files=files, content_type=content_type)
        if scope is not None:
            served = guards.needs_scope(scope)(served)
        name = f"{method.lower()}_{view.__name__}" + ("" if prefix == "/api" else "_bare")
        blueprint.add_url_rule(f"{prefix}{path}", name, served, methods=[method])
        registry.add(
            Operation(
                method=method,
                path=f"{prefix}{path}",
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
                trouble=trouble,
                tagged=tagged,
                changes=changes,
            )
        )
        return view

    return declare


def _guarded(
    answer: Callable[..., Response], view: Any, *, public: bool, files: str | None, content_type: str
) -> Callable[..., Response]:
    """Mark who may come in, and with what."""
    if public:
        answer = guards.from_programs(guards.public(answer))
    if getattr(view, "guards_itself", False):
        answer = guards.guards_itself(answer)
    if files is not None:
        answer = guards.takes_files(answer)
    if getattr(view, "takes_archives", False):
        answer = guards.takes_archives(answer)
    return guards.for_programs(answer) if content_type == "application/json" else answer


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
        return from_json(request.get_data(), allow_inf_nan=False)
    except ValueError:
        raise Invalid(
            "The body is not valid JSON.",
            errors=[{"loc": ["body"], "msg": "not valid JSON", "type": "json_invalid"}],
        ) from None


def _asked(shape: type[BaseModel]) -> dict[str, Any]:
    """Read what follows the question mark; what may be several is said again and again, or with commas."""
    asked: dict[str, Any] = request.args.to_dict()
    for name, info in shape.model_fields.items():
        written = info.alias or name
        if get_origin(info.annotation) is list and written in asked:
            asked[written] = [one for each in request.args.getlist(written) for one in each.split(",") if one]
    return asked


def answer_with(
    result: Any, adapter: TypeAdapter[Any] | None, *, many: bool, status: int, enveloped: bool
) -> Response:
    """Write an answer: `{"data": …}`, with `meta` for a page of a list."""
    if adapter is None and result is None:
        return Response(status=204) if status == 204 else _json({"data": None}, status)  # noqa: PLR2004
    meta = None
    if many and not isinstance(result, Page):
        result = whole(result)
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
