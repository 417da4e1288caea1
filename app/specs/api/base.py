"""What the endpoints of specs share: an address with and without `/api`, and errors of their own."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, g, request

from app.core.errors import DomainError, Invalid
from app.specs import queries
from app.specs.models import Spec
from app.specs.operations.asking import NO_INPUT
from app.specs.schemas import SpecTrouble
from app.web import guards
from app.web.api import answer_with, endpoint
from app.web.errors import speak_as
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("specs_api", __name__)
View = TypeVar("View", bound=Callable[..., Any])

_ERRORS = {
    400: "Invalid input",
    401: "Unauthorized",
    402: "Insufficient credits available",
    403: "Forbidden",
    404: "Request not found",
    405: "Method not allowed",
    409: "Conflict",
    429: "Too many requests",
    500: "Internal server error",
    504: "Still processing",
}
_NAMED = {"missing_context": "Missing context", "invalid_pattern": "Bad Request"}
_CODES = {"INSUFFICIENT_CREDITS", "QUEUE_FULL", "RATE_LIMITED"}
_MEANT = {413: 400, 415: 400, 422: 400}


def both(
    method: str, path: str, *, operation: str, again: str | None = None, **more: Any
) -> Callable[[View], View]:
    """Declare an operation at its own address, which clients know, and below `/api`."""

    def declare(view: View) -> View:
        for prefix, name in (("", operation), ("/api", f"{again or operation} (same operation)")):
            endpoint(
                blueprint,
                method,
                path,
                operation=name,
                family="specs",
                enveloped=False,
                prefix=prefix,
                trouble=SpecTrouble,
                **more,
            )(view)
        return view

    return declare


def spec_of(spec_id: str) -> Spec:
    """Load a spec that the caller may see."""
    return load_or_404(queries.spec_visible_to(me(), spec_id))


def answer(body: Any) -> Response:
    """Answer with a body as it stands."""
    return answer_with(body, None, many=False, status=200, enveloped=False)


def _speak(status: int, message: str, trouble: DomainError | None) -> tuple[int, dict[str, Any]]:
    """Say an error as clients of the spec API know it."""
    status = _MEANT.get(status, status)
    kind = trouble.code if trouble is not None else ""
    error = _NAMED.get(kind) or _ERRORS.get(status, "Error")
    if isinstance(trouble, Invalid):
        error, message = _of_input(trouble, error)
    elif status == 401:  # noqa: PLR2004
        message = "Invalid API key" if guards.bearer() else "Invalid or missing Authorization header"
    elif status == 404 and "spec_id" in (request.view_args or {}):  # noqa: PLR2004
        message = f"No request found with ID: {(request.view_args or {})['spec_id']}"
    said: dict[str, Any] = {"error": error, "message": message, "requestId": g.get("request_id", "")}
    if kind in _CODES:
        said["code"] = kind
    return status, {**said, **(trouble.facts if trouble is not None else {})}


def _of_input(trouble: Invalid, error: str) -> tuple[str, str]:
    """Say what is wrong with what was sent; the two that clients know are said in their words."""
    if not trouble.errors:
        return error, trouble.message
    fault = trouble.errors[0]
    name = str(fault["loc"][-1])
    if name == "query":
        return "Bad Request", "Query parameter is required"
    if name == "input" and fault["type"] in {"missing", "string_type"}:
        return error, NO_INPUT
    return error, fault["msg"] if name in {"body", "file"} else f"{name}: {fault['msg']}"


speak_as(blueprint.name, _speak)
