"""Reads of apps, each for somebody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, false, select
from sqlalchemy.orm import aliased, contains_eager

from app.accounts.models import User
from app.apps.models import App, AppStatus, AppVersion, RetentionTier, VersionStatus
from app.apps.queries.filters import Field, Relation
from app.apps.queries.listing import Listed, Slice, part_of, without_deleted
from app.core.clock import now
from app.core.db import bare, session
from app.engine.repositories import Repository
from app.organizations.models import Membership
from app.organizations.queries import membership_of
from app.projects.models import Project
from app.projects.queries import is_open_to

_status = case((App.live_deploy_id.is_(None), AppStatus.DRAFT.value), else_=AppStatus.LIVE.value)
_default = aliased(AppVersion)
_workspace = aliased(Project)

APPS = Listed(
    name="apps",
    id=App.id,
    fields={
        "id": Field(App.id),
        "workspaceId": Field(App.project_id, UUID),
        "name": Field(App.name),
        "description": Field(App.description),
        "handle": Field(App.handle),
        "status": Field(_status, AppStatus),
        "publicAccess": Field(App.is_public, bool),
        "defaultVersionId": Field(App.default_version_id, nullable=True),
        "createdBy": Field(App.created_by_id, UUID, nullable=True),
        "apiKeyId": Field(App.api_key_id, UUID, nullable=True),
        "retentionTier": Field(App.retention_tier, RetentionTier, nullable=True),
        "createdAt": Field(App.created_at, datetime),
        "updatedAt": Field(App.updated_at, datetime),
        "deletedAt": Field(App.deleted_at, datetime, nullable=True),
    },
    relations={
        "defaultVersion": Relation(
            _default,
            _default.id == App.default_version_id,
            {
                "id": Field(_default.id),
                "name": Field(_default.name),
                "status": Field(_default.status, VersionStatus),
                "parentId": Field(_default.parent_id, nullable=True),
                "createdAt": Field(_default.created_at, datetime),
                "updatedAt": Field(_default.updated_at, datetime),
            },
        ),
        "workspace": Relation(
            _workspace,
            _workspace.id == App.project_id,
            {
                "id": Field(_workspace.id, UUID),
                "name": Field(_workspace.name),
                "slug": Field(_workspace.slug),
            },
        ),
    },
)


def apps_visible_to(user: User) -> Select[App]:
    """Return the apps of the projects that a person may see, deleted ones too."""
    return (
        select(App)
        .join(App.project)
        .join(Membership, membership_of(user, Project.organization_id))
        .where(is_open_to(user))
        .options(contains_eager(App.project))
        .order_by(App.created_at, App.id)
    )


def apps_listed_for(
    user: User,
    *,
    workspace_id: UUID | None = None,
    include_deleted: str = "false",
    name: str | None = None,
    source: str | None = None,
    default_version_id: str | None = None,
    status: str | None = None,
    public_access: bool | None = None,
    api_key_id: UUID | None = None,
    created_by: UUID | None = None,
    retention_tier: RetentionTier | None = None,
    **asked: Any,
) -> Slice:
    """Return the part of a person's apps that a program asks for; nothing is brought by a connection yet."""
    query = without_deleted(apps_visible_to(user), App.deleted_at, include_deleted)
    same = {
        App.project_id: workspace_id,
        App.default_version_id: default_version_id,
        App.is_public: public_access,
        App.api_key_id: api_key_id,
        App.created_by_id: created_by,
        App.retention_tier: retention_tier,
    }
    query = query.where(*(column == value for column, value in same.items() if value is not None))
    if name:
        query = query.where(App.name.icontains(name, autoescape=True))
    if status is not None:
        query = query.where(_status == status)
    if source == "integration":
        query = query.where(false())
    return part_of(query, APPS, **asked)


def app_visible_to(user: User, app_id: str) -> Select[App]:
    return apps_visible_to(user).where(App.id == app_id)


def app_at(project: Project, app_id: str) -> Select[App]:
    """Return one of a project's apps."""
    return select(App).where(App.project_id == project.id, App.id == app_id)


def apps_of(project: Project) -> list[App]:
    """Return a project's apps, its own repository first; deleted ones last."""
    query = select(App).where(App.project_id == project.id)
    return list(session.scalars(query.order_by(App.deleted_at.is_not(None), App.created_at, App.id)))


def handle_is_free(handle: str, *, but: App | None = None) -> bool:
    """Tell whether no app goes by a host name, not even one that is deleted."""
    query = select(App.id).where(App.handle == handle)
    return session.scalar(query if but is None else query.where(App.id != but.id)) is None


def apps_to_purge() -> list[App]:
    """Return the deleted apps whose time is over."""
    query = select(App).where(App.purge_at <= now()).order_by(App.purge_at).limit(100)
    return list(session.scalars(query.options(*bare(App.project))))


def app_repositories_of(project: Project) -> list[App]:
    """Return the apps that have a repository beside the project's own."""
    query = select(App).where(App.project_id == project.id)
    return [app for app in session.scalars(query) if not app.is_first]


def app_repositories_in(organization_id: UUID) -> list[App]:
    """Return the apps of an organization that have such a repository, deleted ones too."""
    query = select(App).join(App.project).where(Project.organization_id == organization_id)
    return [app for app in session.scalars(query.options(contains_eager(App.project))) if not app.is_first]


def first_app(project: Project) -> App | None:
    """Return the app that is the project's own repository."""
    return session.scalars(
        select(App).where(App.project_id == project.id).order_by(App.created_at, App.id)
    ).first()


def first_app_id(project_id: UUID) -> str | None:
    return session.scalar(select(App.id).where(App.project_id == project_id).order_by(App.created_at, App.id))


def apps_in_use() -> list[App]:
    """Return the apps of every project that does not rest, but those that are deleted."""
    return list(
        session.scalars(
            select(App)
            .join(Project, Project.id == App.project_id)
            .where(Project.archived_at.is_(None), App.deleted_at.is_(None))
            .options(*bare(App.project))
            .execution_options(populate_existing=True)
        )
    )


def repository_of_app(app: App) -> Repository:
    """Open the git repository that an app's versions are branches of."""
    return Repository(app.repository_path)
