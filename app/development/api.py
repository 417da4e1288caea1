"""Development for programs: start, ask, follow, stop, look again, begin anew."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from app.core.changes import listener
from app.core.db import let_go
from app.core.errors import NotFound
from app.development import operations, queries
from app.development.models import log_path_of
from app.development.schemas import SessionOut, StartDevelopment
from app.engine import logs
from app.requests.models import ProductRequest
from app.requests.queries import request_visible_to
from app.web import sse
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.polling import answer_status

blueprint = Blueprint("development_api", __name__)

LONGEST_STREAM_SECONDS = 600
_LOG_LOOK_SECONDS = 1.0  # a log that grows rings no bell


def _request(request_id: UUID) -> ProductRequest:
    return load_or_404(request_visible_to(me(), request_id))


def _state(request_id: UUID) -> SessionOut:
    row = queries.status_row(request_id)
    if row is None:
        raise NotFound("Nobody has worked on this request yet. Start it with POST …/development/start.")
    return SessionOut.of(row)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/development/start",
    operation="Start development session",
    body=StartDevelopment,
    answer=SessionOut,
    status=201,
    errors=(409,),
)
def start_development(id: UUID, body: StartDevelopment) -> SessionOut:  # noqa: A002 - the path's word
    """Start the work on a request's branch, by an agent or by a person (`person`)."""
    operations.start(
        _request(id), by=me(), agent=body.agent, base_branch=body.base_branch, inputs=body.inputs
    )
    return _state(id)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/development/cancel",
    operation="Cancel development session",
    answer=SessionOut,
    errors=(409,),
)
def cancel_development(id: UUID) -> SessionOut:  # noqa: A002
    """Stop the work; `cancelled` is said, and the request put back, once its processes are gone."""
    development = queries.latest_session(_request(id))
    if development is None:
        raise NotFound("Nobody has worked on this request yet, so there is nothing to stop.")
    operations.cancel(development, by=me())
    return _state(id)


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/development/status",
    operation="Get development session status",
    answer=SessionOut,
)
def show_status(id: UUID) -> Response:  # noqa: A002
    """Return the newest session and when to ask again. `?wait=` waits up to 60 s for a change."""
    _request(id)

    def read() -> dict[str, Any]:
        return _state(id).model_dump(mode="json", by_alias=True)

    return answer_status(read, topic=str(id))


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/development/stream",
    operation="Stream development session progress",
    content_type="text/event-stream",
)
def stream_progress(id: UUID) -> Response:  # noqa: A002
    """Send `status`, `log`, `error` where it has no result, and at the end `done`.

    An event's id is the log's byte offset to resume from.
    """
    request = _request(id)
    _state(id)
    seen = sse.last_seen() or "0"
    return sse.stream(_events(request.id, int(seen) if seen.isdigit() else 0))


def _events(request_id: UUID, offset: int) -> Iterator[sse.Event | None]:
    until, heard = time.monotonic() + LONGEST_STREAM_SECONDS, time.monotonic()
    told: dict[str, Any] | None = None
    with listener.listening(str(request_id)) as woken:
        while time.monotonic() < until:
            state = _state(request_id).model_dump(mode="json", by_alias=True)
            if _news(state) != told:
                told = _news(state)
                yield sse.Event("status", state, str(offset))
                heard = time.monotonic()
            path = log_path_of(UUID(state["sessionId"]))
            let_go()
            text, offset, size = logs.read(path, offset)
            if text:
                yield sse.Event(
                    "log", {"text": text.decode("utf-8", "replace"), "offset": offset}, str(offset)
                )
                heard = time.monotonic()
            if offset < size:
                continue
            if state["nextPollMs"] is None:
                if state["error"]:
                    yield sse.Event("error", state["error"], str(offset))
                yield sse.Event("done", {"status": state["status"]}, str(offset))
                return
            if woken is None:  # too many wait already: the reader comes back by itself
                return
            if time.monotonic() - heard >= sse.HEARTBEAT_SECONDS:
                yield None
                heard = time.monotonic()
            woken.wait(_LOG_LOOK_SECONDS)
            woken.clear()


def _news(state: dict[str, Any]) -> dict[str, Any]:
    """Return what of a state is worth an event; a mere sign of life is not."""
    return {key: value for key, value in state.items() if key not in {"lastSignOfLifeAt", "nextPollMs"}}


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/development/sync",
    operation="Sync session status from the agent provider",
    answer=SessionOut,
)
def sync_development(id: UUID) -> SessionOut:  # noqa: A002
    """Look again at what the session waits for, such as a push whose notice was lost."""
    operations.sync(_request(id), by=me())
    return _state(id)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/development/reset",
    operation="Reset development session (admin only)",
    answer=SessionOut,
    scope="admin",
    errors=(409,),
)
def reset_development(id: UUID) -> SessionOut:  # noqa: A002
    """End the session at once and delete the branch; the next work begins at main."""
    request = _request(id)
    _state(id)
    operations.reset(request, by=me())
    return _state(id)
