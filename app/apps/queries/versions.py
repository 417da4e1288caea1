"""Reads of versions, each for somebody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, contains_eager

from app.accounts.models import User
from app.apps.models import App, AppVersion, VersionStatus
from app.apps.queries.apps import apps_visible_to
from app.apps.queries.filters import Field, Relation
from app.apps.queries.listing import Listed, Slice, part_of, without_deleted
from app.core.db import session
from app.projects.models import Project

_parent, _app = aliased(AppVersion), aliased(App)

VERSIONS = Listed(
    name="app-versions",
    id=AppVersion.id,
    fields={
        "id": Field(AppVersion.id),
        "appId": Field(AppVersion.app_id),
        "name": Field(AppVersion.name),
        "parentId": Field(AppVersion.parent_id, nullable=True),
        "status": Field(AppVersion.status, VersionStatus),
        "createdBy": Field(AppVersion.created_by_id, UUID, nullable=True),
        "createdAt": Field(AppVersion.created_at, datetime),
        "updatedAt": Field(AppVersion.updated_at, datetime),
        "deletedAt": Field(AppVersion.deleted_at, datetime, nullable=True),
    },
    relations={
        "app": Relation(
            _app,
            _app.id == AppVersion.app_id,
            {"id": Field(_app.id), "name": Field(_app.name), "handle": Field(_app.handle)},
        ),
        "parent": Relation(
            _parent,
            _parent.id == AppVersion.parent_id,
            {
                "id": Field(_parent.id),
                "name": Field(_parent.name),
                "status": Field(_parent.status, VersionStatus),
            },
        ),
    },
)


def versions_visible_to(user: User) -> Select[AppVersion]:
    """Return the versions of the apps that a person may see, deleted ones too."""
    mine = apps_visible_to(user).with_only_columns(App.id).order_by(None)
    return (
        select(AppVersion)
        .join(AppVersion.app)
        .where(AppVersion.app_id.in_(mine))
        .options(contains_eager(AppVersion.app))
        .order_by(AppVersion.created_at, AppVersion.id)
    )


def versions_listed_for(
    user: User,
    *,
    app_id: str | None = None,
    include_deleted: str = "false",
    parent_id: str | None = None,
    status: VersionStatus | None = None,
    created_by: UUID | None = None,
    **asked: Any,
) -> Slice:
    """Return the part of the versions that a program asks for."""
    query = without_deleted(versions_visible_to(user), AppVersion.deleted_at, include_deleted)
    same = {
        AppVersion.app_id: app_id,
        AppVersion.parent_id: parent_id,
        AppVersion.status: status,
        AppVersion.created_by_id: created_by,
    }
    query = query.where(*(column == value for column, value in same.items() if value is not None))
    return part_of(query, VERSIONS, **asked)


def version_visible_to(user: User, version_id: str) -> Select[AppVersion]:
    return versions_visible_to(user).where(AppVersion.id == version_id)


def version_at(app: App, version_id: str) -> Select[AppVersion]:
    """Return one of an app's versions."""
    return select(AppVersion).where(AppVersion.app_id == app.id, AppVersion.id == version_id)


def versions_of(app: App, *, deleted: bool = False) -> list[AppVersion]:
    """Return an app's versions, those that were made last first; or those that are deleted."""
    query = select(AppVersion).where(AppVersion.app_id == app.id)
    gone = AppVersion.deleted_at.is_not(None) if deleted else AppVersion.deleted_at.is_(None)
    return list(
        session.scalars(query.where(gone).order_by(AppVersion.created_at.desc(), AppVersion.id.desc()))
    )


def default_version(app: App) -> AppVersion | None:
    """Return the version that goes live."""
    return session.get(AppVersion, app.default_version_id) if app.default_version_id else None


def versions_with_files() -> list[AppVersion]:
    """Return every version, app by app and without the default ones, whose files are said to be there."""
    return list(
        session.scalars(
            select(AppVersion)
            .join(AppVersion.app)
            .join(App.project)
            .where(Project.archived_at.is_(None), App.deleted_at.is_(None), AppVersion.deleted_at.is_(None))
            .where(AppVersion.status == VersionStatus.READY, AppVersion.id != App.default_version_id)
            .options(contains_eager(AppVersion.app).contains_eager(App.project))
            .order_by(AppVersion.app_id, AppVersion.id)
            .execution_options(populate_existing=True)
        )
    )


def version_on(app: App, branch: str) -> AppVersion | None:
    """Return the version that a branch is."""
    query = select(AppVersion).where(AppVersion.app_id == app.id, AppVersion.branch == branch)
    return session.scalars(query).first()
