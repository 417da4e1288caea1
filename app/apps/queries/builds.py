"""Reads of builds, and of what they left."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts.models import User
from app.apps.models import (
    ON_THE_WAY,
    UNBUILT,
    App,
    AppVersion,
    Build,
    BuildStatus,
    BuildTrigger,
    Deploy,
    DeployStatus,
)
from app.apps.queries.apps import apps_visible_to
from app.apps.queries.filters import Field, Relation
from app.apps.queries.listing import Listed, Slice, part_of
from app.core import ledger
from app.core.clock import now
from app.core.db import session
from app.core.ledger import Run

_app, _version = aliased(App), aliased(AppVersion)

BUILDS = Listed(
    name="builds",
    id=Build.id,
    fields={
        "id": Field(Build.id),
        "entityId": Field(Build.app_id),
        "appVersionId": Field(Build.app_version_id, nullable=True),
        "sequenceNumber": Field(Build.number, int),
        "status": Field(Build.status, BuildStatus),
        "trigger": Field(Build.trigger, BuildTrigger),
        "createdBy": Field(Build.started_by_id, UUID, nullable=True),
        "startedAt": Field(Build.started_at, datetime, nullable=True),
        "completedAt": Field(Build.ended_at, datetime, nullable=True),
        "createdAt": Field(Build.created_at, datetime),
    },
    relations={
        "app": Relation(
            _app,
            _app.id == Build.app_id,
            {
                "id": Field(_app.id),
                "name": Field(_app.name),
                "handle": Field(_app.handle),
                "workspaceId": Field(_app.project_id, UUID),
            },
        ),
        "appVersion": Relation(
            _version,
            _version.id == Build.app_version_id,
            {"id": Field(_version.id), "name": Field(_version.name)},
        ),
    },
)
KEPT = 10  # of each app: the newest builds that completed
GOES_BACK = 5  # of each app: what was live last, so that each can be put back at once
_RECENT = 5


def builds_visible_to(user: User) -> Select[Build]:
    """Return the builds of every app that a person may see, newest first."""
    visible = apps_visible_to(user).order_by(None).with_only_columns(App.id)
    return (
        select(Build)
        .where(Build.app_id.in_(visible))
        .order_by(Build.created_at.desc(), Build.id.desc())
        .options(joinedload(Build.app), joinedload(Build.started_by))
    )


def builds_listed_for(
    user: User,
    *,
    workspace_id: UUID | None = None,
    app_id: str | None = None,
    entity_id: str | None = None,
    status: BuildStatus | None = None,
    trigger: BuildTrigger | None = None,
    created_by: UUID | None = None,
    **asked: Any,
) -> Slice:
    """Return the part of the builds that a program asks for; an app is an entity."""
    same = {
        Build.app_id: app_id or entity_id,
        Build.status: status,
        Build.trigger: trigger,
        Build.started_by_id: created_by,
    }
    query = builds_visible_to(user).where(
        *(each == value for each, value in same.items() if value is not None)
    )
    if workspace_id is not None:
        query = query.where(Build.app_id.in_(select(App.id).where(App.project_id == workspace_id)))
    return part_of(query, BUILDS, **asked)


def build_visible_to(user: User, build_id: str) -> Select[Build]:
    return builds_visible_to(user).where(Build.id == build_id)


def builds_of(app: App) -> Select[Build]:
    return (
        select(Build)
        .where(Build.app_id == app.id)
        .order_by(Build.number.desc())
        .options(joinedload(Build.started_by))
    )


def build_numbered(app: App, number: int) -> Select[Build]:
    return builds_of(app).where(Build.number == number)


def next_build_number(app: App) -> int:
    """Return the number of an app's next build; nobody else is given it until this transaction ends."""
    session.execute(select(App.id).where(App.id == app.id).with_for_update())
    return (session.scalar(select(func.max(Build.number)).where(Build.app_id == app.id)) or 0) + 1


def typical_build_ms(app: App) -> int | None:
    """Return how long an app's last builds took."""
    recent = session.scalars(builds_of(app).where(Build.status == BuildStatus.COMPLETED).limit(_RECENT))
    taken = [build.duration_ms for build in recent if build.duration_ms is not None]
    return sum(taken) // len(taken) if taken else None


def waiting_builds(version: AppVersion) -> list[Build]:
    """Return what is to be built of a version, but nobody works on yet."""
    return list(
        session.scalars(
            select(Build).where(Build.app_version_id == version.id, Build.status == BuildStatus.PENDING)
        )
    )


def unended_builds(app: App) -> list[Build]:
    return list(session.scalars(builds_of(app).where(Build.status.in_(UNBUILT))))


def every_unended_build() -> list[Build]:
    """Return every build that waits or is worked on."""
    return list(
        session.scalars(
            select(Build).where(Build.status.in_(UNBUILT)).execution_options(populate_existing=True)
        )
    )


def run_of_build(build: Build) -> Run | None:
    """Return the run that works on a build, or did."""
    return session.get(Run, build.run_id) if build.run_id else None


def latest_good_build(app: App) -> Build | None:
    """Return the newest build of an app's default version that completed."""
    return session.scalars(
        builds_of(app)
        .where(Build.app_version_id == app.default_version_id, Build.status == BuildStatus.COMPLETED)
        .limit(1)
    ).first()


def was_live(build: Build) -> bool:
    """Tell whether everybody saw a build at some time."""
    found = select(Deploy.id).where(Deploy.build_id == build.id, Deploy.live_at.is_not(None))
    return session.scalar(found.limit(1)) is not None


def build_live_before(app: App) -> Build | None:
    """Return the build that was live last, other than the one that is."""
    live = select(Deploy.build_id).where(Deploy.app_id == app.id, Deploy.status == DeployStatus.LIVE)
    now_live = session.scalar(live.limit(1))
    query = (
        select(Build)
        .join(Deploy, Deploy.build_id == Build.id)
        .where(Deploy.app_id == app.id, Deploy.live_at.is_not(None))
        .order_by(Deploy.live_at.desc())
    )
    return session.scalars(query.where(Build.id != now_live) if now_live else query).first()


def build_folders_in_use() -> set[str]:
    """Return what the folders are called in which builds work, or worked until a moment ago."""
    ended = and_(Build.status.not_in(UNBUILT), Build.ended_at < now() - ledger.patience())
    return {found.replace("_", "-") for found in session.scalars(select(Build.id).where(~ended))}


def artifacts_in_use() -> set[str]:
    """Return what is stored of builds that are live, may go live, or may come back."""
    newest = _ranked(Build.number.desc(), select(Build.id, Build.app_id).where(Build.artifact.is_not(None)))
    shown = (
        select(Build.id, Build.app_id)
        .join(Deploy, Deploy.build_id == Build.id)
        .where(Deploy.live_at.is_not(None))
        .group_by(Build.id, Build.app_id)
    )
    lately = _ranked(func.max(Deploy.live_at).desc(), shown)
    needed = select(Deploy.build_id).where(Deploy.status.in_((*ON_THE_WAY, DeployStatus.LIVE)))
    wanted = or_(
        Build.id.in_(select(newest.c.id).where(newest.c.place <= KEPT)),
        Build.id.in_(select(lately.c.id).where(lately.c.place <= GOES_BACK)),
        Build.id.in_(needed),
    )
    return set(session.scalars(select(Build.artifact).where(Build.artifact.is_not(None), wanted)))


def _ranked(order: Any, found: Any) -> Any:
    """Return rows with their place among those of the same app."""
    place = func.row_number().over(partition_by=Build.app_id, order_by=order).label("place")
    return found.add_columns(place).subquery()
