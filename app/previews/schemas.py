"""The shapes of previews."""

from typing import Any
from uuid import UUID

from app.previews.models import PreviewStatus
from app.web.schemas import Moment, Schema


class StartPreview(Schema):
    """What to build."""

    commit_sha: str | None = None
    force: bool = False


class PreviewOut(Schema):
    """A preview, in short."""

    request_id: UUID
    status: PreviewStatus
    branch_name: str | None
    commit_sha: str | None
    preview_url: str | None
    deployment_id: UUID | None
    plan: dict[str, Any] | None = None
    created_at: Moment | None


class PreviewError(Schema):
    """Why there is none, and what to do."""

    code: str | None
    message: str | None
    suggestion: str | None


class PreviewState(Schema):
    """A preview's status in full."""

    request_id: UUID
    status: PreviewStatus
    branch_name: str | None
    preview_url: str | None
    deployment_id: UUID | None
    error: PreviewError | None
    build_duration_ms: int | None
    created_at: Moment | None
    ready_at: Moment | None
    phase: str | None
    progress: int
    message: str | None
    last_sign_of_life_at: Moment | None
    expires_at: Moment | None
    next_poll_ms: int | None


class LogOut(Schema):
    """A part of a log: what stands from `offset` on, and where to go on reading."""

    text: str
    offset: int
    next_offset: int
    size: int


class LogQuery(Schema):
    """Where to read a log from, in bytes."""

    offset: int = 0
    limit: int = 64_000
