"""The voice of trouble: every anticipated error is said here, once, as a page, a toast or JSON."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.core.errors import DomainError, Invalid, TooLarge
from app.web.guards import is_for_programs

log = logging.getLogger(__name__)

_PLAIN = {
    400: "bad_request",
    401: "unauthenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "timeout",
    409: "conflict",
    411: "length_required",
    413: "too_large",
    414: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    431: "too_large",
    503: "unavailable",
}
_WORDS = {
    404: "There is nothing at this address, or it is not yours to see.",
    405: "This address does not take that method. /api/docs lists what it takes.",
    429: "That was too often in a short time. Wait a minute and try again.",
}


Voice = Callable[[int, str, DomainError | None], tuple[int, dict[str, Any]]]
_voices: dict[str, Voice] = {}


def speak_as(blueprint: str, voice: Voice) -> None:
    """Let a family of the API have an error body of its own, made of status, message and trouble."""
    _voices[blueprint] = voice


def init_app(app: Flask) -> None:
    """Let every error of the application speak with this voice."""
    app.register_error_handler(DomainError, say)
    app.register_error_handler(HTTPException, _say_http)
    app.register_error_handler(Exception, _say_bug)


def body(
    status: int,
    kind: str,
    message: str,
    errors: list[Any] | None = None,
    versions: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the one error body of the JSON APIs."""
    answer: dict[str, Any] = {
        "code": status,
        "type": kind,
        "error": HTTPStatus(status).phrase,
        "message": message,
        "detail": message,
        "requestId": g.get("request_id", ""),
    }
    if errors:
        answer["errors"] = errors
    return answer | (versions or {})


def wants_json() -> bool:
    """Tell whether a program asks."""
    if request.path == "/api/docs":
        return False
    if request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics")) or is_for_programs():
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def say(trouble: DomainError) -> Response:
    """Say an anticipated error."""
    errors = trouble.errors if isinstance(trouble, Invalid) else None
    message = trouble.message if not trouble.suggestion else f"{trouble.message} {trouble.suggestion}"
    response = _answer(trouble.status, trouble.code, message, errors, trouble)
    if trouble.retry_after is not None:
        response.headers["Retry-After"] = str(trouble.retry_after)
    return response


def _say_http(trouble: HTTPException) -> Response:
    if isinstance(trouble, RequestEntityTooLarge):
        return say(TooLarge("This is larger than what one request may carry. Send less at a time."))
    status = trouble.code or 500
    if trouble.response is not None:
        return make_response(trouble.response)
    if 300 <= status < 400:  # noqa: PLR2004 - a redirect is its own answer
        return make_response(trouble.get_response())
    message = _WORDS.get(status) or trouble.description or HTTPStatus(status).phrase
    response = _answer(status, _PLAIN.get(status, "error"), message, None)
    for name, value in trouble.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _say_bug(trouble: Exception) -> Response:
    log.error("request %s broke", g.get("request_id", "?"), exc_info=trouble)
    message = (
        "Greenroom itself made a mistake. Nothing that was confirmed is lost. "
        f"Try again; if it happens twice, report it with the number {g.get('request_id', '')}."
    )
    return _answer(500, "internal_error", message, None)


def _answer(
    status: int, kind: str, message: str, errors: list[Any] | None, trouble: DomainError | None = None
) -> Response:
    if ".git/" in request.path:
        return _answer_git(status, message)
    if wants_json():
        voice = _voices.get(request.blueprint or "")
        said = body(status, kind, message, errors, trouble.versions if trouble is not None else None)
        status, said = voice(status, message, trouble) if voice is not None else (status, said)
        response = jsonify(said)
        response.status_code = status
    elif request.headers.get("HX-Request") == "true":
        html = render_template("errors/_toast.html", status=status, kind=kind, message=message)
        response = make_response(html, status)
        response.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
    else:
        page = render_template("errors/error.html", status=status, kind=kind, message=message, errors=errors)
        response = make_response(page, status)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="greenroom"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer_git(status: int, message: str) -> Response:
    """Say it to git, which shows plain text to whoever called it and asks for a password at a 401."""
    response = Response(message + "\n", status, mimetype="text/plain")
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="Greenroom", charset="UTF-8"'
    return response
