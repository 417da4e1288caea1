"""Which apps and versions somebody may see; others do not exist for them."""

from sqlalchemy import Select, select

from app.accounts.models import User
from app.apps.models import App, AppVersion
from app.core.db import session
from app.projects.models import Project
from app.projects.queries import projects_visible_to


def apps_visible_to(user: User) -> Select[App]:
    """Return the apps of every project that a person may see, but those that are deleted."""
    projects = projects_visible_to(user).order_by(None).with_only_columns(Project.id)
    return (
        select(App)
        .where(App.project_id.in_(projects), App.deleted_at.is_(None))
        .order_by(App.created_at, App.id)
    )


def app_visible_to(user: User, app_id: str) -> Select[App]:
    return apps_visible_to(user).where(App.id == app_id)


def apps_of(project: Project) -> list[App]:
    """Return all apps of a project, for what is done to all of it."""
    return list(session.scalars(select(App).where(App.project_id == project.id)))


def app_of(project: Project, app_id: str) -> Select[App]:
    """Return one of a project's apps."""
    return select(App).where(App.project_id == project.id, App.id == app_id, App.deleted_at.is_(None))


def version_visible_to(user: User, version_id: str) -> Select[AppVersion]:
    visible = apps_visible_to(user).order_by(None).with_only_columns(App.id)
    return select(AppVersion).where(
        AppVersion.app_id.in_(visible), AppVersion.id == version_id, AppVersion.deleted_at.is_(None)
    )


def version_on(app: App, branch: str) -> AppVersion | None:
    """Return the version that a branch is."""
    return session.scalars(
        select(AppVersion).where(
            AppVersion.app_id == app.id, AppVersion.branch == branch, AppVersion.deleted_at.is_(None)
        )
    ).first()


def version_of(app: App, version_id: str) -> Select[AppVersion]:
    """Return one of an app's versions."""
    return select(AppVersion).where(
        AppVersion.app_id == app.id, AppVersion.id == version_id, AppVersion.deleted_at.is_(None)
    )


def versions_of(app: App) -> list[AppVersion]:
    """Return the versions of an app, by name."""
    query = select(AppVersion).where(AppVersion.app_id == app.id, AppVersion.deleted_at.is_(None))
    return list(session.scalars(query.order_by(AppVersion.name, AppVersion.id)))
