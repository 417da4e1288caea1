"""Reads of deploys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, and_, case, cast, not_, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.apps.models import (
    ON_THE_WAY,
    PHASES,
    App,
    Build,
    BuildStatus,
    BuildTrigger,
    Deploy,
    DeployPhase,
    DeployStatus,
    DeployTrigger,
)
from app.apps.queries.apps import apps_visible_to
from app.apps.queries.filters import Field, Relation
from app.apps.queries.listing import Listed, Slice, part_of
from app.core import ledger
from app.core.clock import now
from app.core.db import session
from app.core.ledger import Run
from app.projects.models import Project

_app, _build = aliased(App), aliased(Build)
_phases = {status.value: phase.value for status, phase in PHASES.items()}
_phase = case(_phases, value=cast(Deploy.status, String)).label("phase")

DEPLOYS = Listed(
    name="deploys",
    id=Deploy.id,
    fields={
        "id": Field(Deploy.id),
        "entityId": Field(Deploy.app_id),
        "buildId": Field(Deploy.build_id, nullable=True),
        "status": Field(_phase, DeployPhase),
        "trigger": Field(Deploy.trigger, DeployTrigger),
        "createdBy": Field(Deploy.started_by_id, UUID, nullable=True),
        "startedAt": Field(Deploy.started_at, datetime, nullable=True),
        "createdAt": Field(Deploy.created_at, datetime),
    },
    relations={
        "app": Relation(
            _app,
            _app.id == Deploy.app_id,
            {
                "id": Field(_app.id),
                "name": Field(_app.name),
                "handle": Field(_app.handle),
                "workspaceId": Field(_app.project_id, UUID),
            },
        ),
        "build": Relation(
            _build,
            _build.id == Deploy.build_id,
            {
                "id": Field(_build.id),
                "sequenceNumber": Field(_build.number, int),
                "status": Field(_build.status, BuildStatus),
                "trigger": Field(_build.trigger, BuildTrigger),
            },
        ),
    },
)


def deploys_of(app: App) -> Select[Deploy]:
    return select(Deploy).where(Deploy.app_id == app.id).order_by(Deploy.created_at.desc(), Deploy.id.desc())


def deploys_visible_to(user: User) -> Select[Deploy]:
    """Return the deploys of every app that a person may see, newest first."""
    visible = apps_visible_to(user).order_by(None).with_only_columns(App.id)
    return (
        select(Deploy).where(Deploy.app_id.in_(visible)).order_by(Deploy.created_at.desc(), Deploy.id.desc())
    )


def deploys_listed_for(
    user: User,
    *,
    workspace_id: UUID | None = None,
    entity_id: str | None = None,
    build_id: str | None = None,
    status: DeployPhase | None = None,
    trigger: DeployTrigger | None = None,
    created_by: UUID | None = None,
    **asked: Any,
) -> Slice:
    """Return the part of the deploys that a program asks for; an app is an entity."""
    same = {
        Deploy.app_id: entity_id,
        Deploy.build_id: build_id,
        Deploy.trigger: trigger,
        Deploy.started_by_id: created_by,
    }
    query = deploys_visible_to(user).where(
        *(each == value for each, value in same.items() if value is not None)
    )
    if status is not None:
        query = query.where(Deploy.status.in_([each for each, phase in PHASES.items() if phase is status]))
    if workspace_id is not None:
        query = query.where(Deploy.app_id.in_(select(App.id).where(App.project_id == workspace_id)))
    return part_of(query, DEPLOYS, **asked)


def deploy_visible_to(user: User, deploy_id: str) -> Select[Deploy]:
    return deploys_visible_to(user).where(Deploy.id == deploy_id)


def deploy_in(app: App, deploy_id: str) -> Select[Deploy]:
    """Return one of an app's deploys."""
    return deploys_of(app).where(Deploy.id == deploy_id)


def deploy_of(project: Project, deploy_id: str) -> Select[Deploy]:
    """Return a deploy of one of a project's apps."""
    return (
        select(Deploy)
        .join(App, App.id == Deploy.app_id)
        .where(App.project_id == project.id, Deploy.id == deploy_id)
    )


def latest_deploy(app: App) -> Deploy | None:
    return session.scalars(deploys_of(app).limit(1)).first()


def newest_deploys(app: App, *, most: int) -> list[Deploy]:
    return list(session.scalars(deploys_of(app).limit(most)))


def run_of(deploy: Deploy) -> Run | None:
    """Return the run that works on a deploy, or did."""
    return session.get(Run, deploy.run_id) if deploy.run_id else None


def live_deploy(app: App) -> Deploy | None:
    return session.scalars(deploys_of(app).where(Deploy.status == DeployStatus.LIVE)).first()


def last_live(app: App) -> Deploy | None:
    """Return what went live last, whether or not it still is."""
    return session.scalars(
        deploys_of(app).where(Deploy.live_at.is_not(None)).order_by(None).order_by(Deploy.live_at.desc())
    ).first()


def deploys_on_the_way(app: App) -> list[Deploy]:
    return list(session.scalars(deploys_of(app).where(Deploy.status.in_(ON_THE_WAY))))


def unended() -> list[Deploy]:
    """Return every deploy that is live or on its way."""
    wanted = (*ON_THE_WAY, DeployStatus.LIVE)
    return list(
        session.scalars(
            select(Deploy).where(Deploy.status.in_(wanted)).execution_options(populate_existing=True)
        )
    )


def was_deployed(app: App, commit: str) -> bool:
    """Tell whether somebody set out to put a commit live, however that ended."""
    return (
        session.scalar(
            deploys_of(app).with_only_columns(Deploy.id).where(Deploy.commit_sha == commit).limit(1)
        )
        is not None
    )


def folders_in_use() -> set[str]:
    """Return what the folders are called that deploys need, or needed until a moment ago."""
    ended = and_(
        Deploy.status.not_in((*ON_THE_WAY, DeployStatus.LIVE)), Deploy.ended_at < now() - ledger.patience()
    )
    return {found.replace("_", "-") for found in session.scalars(select(Deploy.id).where(not_(ended)))}


def runs_in(organization_id: UUID) -> Select[UUID]:
    """Return the ids of the runs that built something of an organization's apps, or put it live."""
    mine = select(App.id).join(Project, Project.id == App.project_id)
    mine = mine.where(Project.organization_id == organization_id, Project.is_sample.is_(False))
    built = select(Build.run_id).where(Build.app_id.in_(mine))
    shown = select(Deploy.run_id).where(Deploy.app_id.in_(mine))
    return select(Run.id).where(or_(Run.id.in_(built), Run.id.in_(shown)))
