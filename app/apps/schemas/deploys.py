"""What deploys take and give."""

from typing import Any, Self
from uuid import UUID

from app.apps.models import Deploy, DeployPhase, DeployStatus, DeployTrigger
from app.apps.operations.rollback import Changes
from app.apps.schemas.listing import ListQuery, PageInfo
from app.web.schemas import Moment, Schema


class NewDeploy(Schema):
    """What to put live: a build, or an app's latest build of its default version that completed."""

    build_id: str | None = None
    app_id: str | None = None


class DeployWish(Schema):
    """Which build, by its number, a page speaks of."""

    build: int | None = None


class RollBack(Schema):
    """Which build to go back to; without one, the one that was live before."""

    build_id: str | None = None


class DeployOut(Schema):
    """A deploy; `entityId` is its app, `url` where the app is seen, `live` whether it is what is seen."""

    id: str
    workspace_id: UUID
    entity_id: str
    build_id: str | None
    status: DeployPhase
    trigger: DeployTrigger
    live: bool
    url: str
    error: str | None
    metadata: dict[str, Any]
    created_by: UUID | None
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, deploy: Deploy) -> Self:
        """Show a deploy with the commit that it puts live."""
        return cls(
            id=deploy.id,
            workspace_id=deploy.app.project_id,
            entity_id=deploy.app_id,
            build_id=deploy.build_id,
            status=deploy.phase,
            trigger=deploy.trigger,
            live=deploy.status is DeployStatus.LIVE,
            url=deploy.app.url,
            error=" ".join(filter(None, [deploy.error_message, deploy.error_suggestion])) or None,
            metadata={
                "commitSha": deploy.commit_sha,
                "buildNumber": deploy.build.number if deploy.build else None,
                "phase": deploy.status.value,
                "errorCode": deploy.error_code,
                "errorLines": deploy.error_lines,
            },
            created_by=deploy.started_by_id,
            started_at=deploy.started_at,
            completed_at=deploy.live_at or deploy.ended_at,
            created_at=deploy.created_at,
        )


class DeploysQuery(ListQuery):
    """Which deploys, and which part of the list."""

    workspace_id: UUID | None = None
    entity_id: str | None = None
    build_id: str | None = None
    status: DeployPhase | None = None
    trigger: DeployTrigger | None = None
    created_by: UUID | None = None


class DeployList(Schema):
    """A part of the deploys."""

    data: list[DeployOut]
    page_info: PageInfo


class CommitOut(Schema):
    """A commit by its name and first line."""

    sha: str
    title: str
    author: str


class ChangesOut(Schema):
    """What everybody sees differently once a build is live; variables are told by name alone."""

    build_id: str
    sequence_number: int
    commits_taken_off: list[CommitOut]
    commits_brought_in: list[CommitOut]
    variables_added: list[str]
    variables_removed: list[str]
    variables_changed: list[str]

    @classmethod
    def of(cls, changes: Changes) -> Self:
        return cls(
            build_id=changes.build.id,
            sequence_number=changes.build.number,
            commits_taken_off=[CommitOut.model_validate(each) for each in changes.taken_off],
            commits_brought_in=[CommitOut.model_validate(each) for each in changes.brought_in],
            variables_added=changes.added,
            variables_removed=changes.removed,
            variables_changed=changes.changed,
        )
