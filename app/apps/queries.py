"""Reads of apps and deploys."""

from uuid import UUID

from sqlalchemy import Select, select

from app.apps.models import ON_THE_WAY, App, Deploy, DeployStatus
from app.core.db import session
from app.projects.models import Project


def first_app(project: Project) -> App | None:
    """Return the app that is the project's own repository."""
    return session.scalars(
        select(App).where(App.project_id == project.id).order_by(App.created_at, App.id)
    ).first()


def first_app_id(project_id: UUID) -> str | None:
    return session.scalar(select(App.id).where(App.project_id == project_id).order_by(App.created_at, App.id))


def deploys_of(app: App) -> Select[Deploy]:
    return select(Deploy).where(Deploy.app_id == app.id).order_by(Deploy.created_at.desc(), Deploy.id.desc())


def latest_deploy(app: App) -> Deploy | None:
    return session.scalars(deploys_of(app).limit(1)).first()


def live_deploy(app: App) -> Deploy | None:
    return session.scalars(deploys_of(app).where(Deploy.status == DeployStatus.LIVE)).first()


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
