"""The shapes of preview sessions."""

from typing import Annotated, Self

from pydantic import StringConstraints

from app.apps.models import AppPreviewSession, SessionStatus
from app.core.ledger import Run
from app.web.schemas import Moment, Schema

_POLL_MS = 1000


class NewSession(Schema):
    """Which version to run."""

    app_version_id: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class SessionError(Schema):
    """Why a session is not there, what to do, and the lines of its log that matter."""

    code: str | None
    message: str | None
    suggestion: str | None
    lines: list[str]


class SessionMetadata(Schema):
    """What runs, how a change comes to be seen (`hot`, `page` or `restart`), and why it runs so."""

    kind: str | None = None
    reload: str | None = None
    reasons: list[str] | None = None
    commit_sha: str | None = None


class SessionOut(Schema):
    """A preview session; `previewUrl` is there once it is ready."""

    id: str
    app_id: str
    app_version_id: str
    status: SessionStatus
    preview_url: str | None
    error: SessionError | None
    phase: str | None
    progress: int
    message: str | None
    metadata: SessionMetadata
    last_heartbeat_at: Moment
    created_at: Moment
    started_at: Moment | None
    ready_at: Moment | None
    stopped_at: Moment | None
    next_poll_ms: int | None

    @classmethod
    def of(cls, found: AppPreviewSession, run: Run | None) -> Self:
        """Show a session, with how far it is while it comes up."""
        plan, coming = found.plan or {}, run if found.is_on_the_way else None
        error = SessionError(
            code=found.error_code,
            message=found.error_message,
            suggestion=found.error_suggestion,
            lines=found.error_lines or [],
        )
        return cls(
            id=found.id,
            app_id=found.app_id,
            app_version_id=found.app_version_id,
            status=found.status,
            preview_url=found.url if found.status is SessionStatus.READY else None,
            error=error if found.status is SessionStatus.FAILED else None,
            phase=coming.phase if coming else None,
            progress=100 if found.status is SessionStatus.READY else (coming.progress or 0) if coming else 0,
            message=coming.message if coming else None,
            metadata=SessionMetadata(
                kind=plan.get("kind"),
                reload=plan.get("reload"),
                reasons=plan.get("reasons"),
                commit_sha=found.commit_sha,
            ),
            last_heartbeat_at=found.last_heartbeat_at,
            created_at=found.created_at,
            started_at=found.started_at,
            ready_at=found.ready_at,
            stopped_at=found.stopped_at,
            next_poll_ms=_POLL_MS if found.is_on_the_way else None,
        )


class Beat(Schema):
    """What a session is when it hears that somebody is still there."""

    id: str
    status: SessionStatus


class Done(Schema):
    """It is done."""

    success: bool = True
