"""Reads of apps."""

from uuid import UUID

from sqlalchemy import select

from app.apps.models import App
from app.core.db import session
from app.engine.repositories import Repository
from app.projects.models import Project


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
            .execution_options(populate_existing=True)
        )
    )


def repository_of_app(app: App) -> Repository:
    """Open the git repository that an app's versions are branches of."""
    return Repository(app.repository_path)
