"""What builds take and give."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.apps.models import Build, BuildStatus, BuildTrigger
from app.apps.schemas.listing import ListQuery, PageInfo
from app.web.schemas import Moment, Schema


class NewBuild(Schema):
    """Which version to build: its newest commit, with the environment as it is now."""

    app_version_id: str


class BuildOut(Schema):
    """A build; `entityId` is its app, `error` says why it failed and what to do."""

    id: str
    workspace_id: UUID
    entity_id: str
    app_version_id: str | None
    sequence_number: int
    status: BuildStatus
    trigger: BuildTrigger
    source_event_id: str | None
    error: str | None
    metadata: dict[str, Any]
    created_by: UUID | None
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, build: Build) -> Self:
        """Show a build: which commit, how long it took, how long it usually takes."""
        return cls(
            id=build.id,
            workspace_id=build.app.project_id,
            entity_id=build.app_id,
            app_version_id=build.app_version_id,
            sequence_number=build.number,
            status=build.status,
            trigger=build.trigger,
            source_event_id=None,
            error=_in_one(build.error_message, build.error_suggestion),
            metadata={
                "commitSha": build.commit_sha,
                "durationMs": build.duration_ms,
                "typicalMs": build.typical_ms,
                "kind": (build.plan or {}).get("kind"),
                "errorCode": build.error_code,
                "errorLines": build.error_lines,
            },
            created_by=build.started_by_id,
            started_at=build.started_at,
            completed_at=build.ended_at,
            created_at=build.created_at,
        )


def _in_one(message: str | None, suggestion: str | None) -> str | None:
    return " ".join(filter(None, [message, suggestion])) or None


class BuildsQuery(ListQuery):
    """Which builds, and which part of the list; an app is an entity."""

    workspace_id: UUID | None = None
    entity_id: str | None = None
    app_id: str | None = None
    status: BuildStatus | None = None
    trigger: BuildTrigger | None = None
    created_by: UUID | None = None


class BuildList(Schema):
    """A part of the builds."""

    data: list[BuildOut]
    page_info: PageInfo


class LogPart(Schema):
    """A part of a log: what stands from `offset` on, and where to go on reading."""

    text: Annotated[str, StringConstraints(strip_whitespace=False)]
    offset: int
    next_offset: int
    size: int


class LogQuery(Schema):
    """Where to read a log from, in bytes; a negative offset counts from the end."""

    offset: int = 0
    limit: Annotated[int, Field(ge=1)] = 64_000
