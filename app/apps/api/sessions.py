"""Preview sessions for programs: start one, ask how it stands, stay with it, stop it."""

from typing import Any

from flask import Response

from app.apps import operations, queries
from app.apps.api.base import declare
from app.apps.models import AppPreviewSession
from app.apps.schemas.sessions import Beat, Done, NewSession, SessionOut
from app.core.db import session
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.polling import answer_status


def _session(session_id: str) -> AppPreviewSession:
    return load_or_404(queries.session_visible_to(me(), session_id))


def _shown(found: AppPreviewSession) -> SessionOut:
    return SessionOut.of(found, queries.run_of_session(found))


@declare(
    "POST",
    "/app-preview-sessions",
    operation="Start or wake a live preview session",
    body=NewSession,
    answer=SessionOut,
    status=201,
    errors=(403, 404, 409),
)
def open_session(body: NewSession) -> SessionOut:
    """Run a version for whoever edits it; one that runs already is returned as it is."""
    version = load_or_404(queries.version_to_run(me(), body.app_version_id))
    return _shown(operations.open_session(version, by=me()))


@declare(
    "GET",
    "/apps/preview/<prefixed('appprv'):session_id>",
    operation="Get the state of a preview session",
    answer=SessionOut,
)
def show_session(session_id: str) -> Response:
    """Return status, phase and when to ask again. `?wait=` waits up to 60 s for a change."""
    found = _session(session_id)

    def read() -> dict[str, Any]:
        session.refresh(found)
        return _shown(found).model_dump(mode="json", by_alias=True)

    return answer_status(read, topic=found.id, enveloped=False)


@declare(
    "POST",
    "/apps/preview/<prefixed('appprv'):session_id>/keepalive",
    operation="Keep a preview session alive",
    answer=Beat,
    errors=(403,),
)
def keep_alive(session_id: str) -> AppPreviewSession:
    """Say that somebody is still there; without a word for 90 s a session ends."""
    found = _session(session_id)
    operations.keep_alive(found, by=me())
    return found


@declare(
    "DELETE",
    "/apps/preview/<prefixed('appprv'):session_id>",
    operation="Stop a preview session",
    answer=Done,
    errors=(403,),
)
def stop_session(session_id: str) -> Done:
    """End a session with its processes and files; one that is over already stays as it ended."""
    operations.stop_session(_session(session_id), by=me())
    return Done()
