"""What stands ready for nobody so far: what can be handed out, how much there is, what is needed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.core.clock import now
from app.core.db import bare, session
from app.environments.models import ENDED, Environment, EnvironmentState, TaskVersion
from app.projects.models import Project

_IN_USE = timedelta(hours=1)  # a task of which nobody made an environment for so long has none waiting
_REST = timedelta(minutes=10)  # so long it is left alone after it failed


def standing_ready(project: Project, version: TaskVersion, *, until: datetime) -> list[Environment]:
    """Return what stands ready of a version for a project and lives longer than that, oldest first."""
    query = (
        select(Environment)
        .where(*_of(project, version), Environment.status == EnvironmentState.READY)
        .where(Environment.expires_at > until)
        .order_by(Environment.created_at, Environment.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query).unique())


def _of(project: Project, version: TaskVersion) -> tuple[ColumnElement[bool], ...]:
    return (
        Environment.task_version_id == version.id,
        Environment.project_id == project.id,
        Environment.is_warm.is_(True),
    )


def count_warm(organization_id: UUID) -> int:
    """Return how many environments of an organization stand ready or come up for nobody so far."""
    query = select(func.count(Environment.id)).join(Project, Project.id == Environment.project_id)
    query = query.where(Project.organization_id == organization_id, Environment.is_warm)
    return session.scalar(query.where(Environment.status.not_in(ENDED))) or 0


def count_warm_of(project: Project, version: TaskVersion) -> int:
    """Return how many of a version stand ready or come up for a project."""
    query = select(func.count(Environment.id)).where(*_of(project, version))
    return session.scalar(query.where(Environment.status.not_in(ENDED))) or 0


def ready_by_version(project: Project) -> dict[UUID, int]:
    """Return how many of each version stand ready for a project."""
    query = (
        select(Environment.task_version_id, func.count(Environment.id))
        .where(Environment.project_id == project.id, Environment.is_warm)
        .where(Environment.status == EnvironmentState.READY)
        .group_by(Environment.task_version_id)
    )
    return {version_id: count for version_id, count in session.execute(query)}  # noqa: C416 - rows, no pairs


def failed_lately(project: Project, version: TaskVersion) -> bool:
    """Tell whether one of a version failed for a project a moment ago: the next one would as well."""
    query = select(Environment.id).where(
        *_of(project, version),
        Environment.status == EnvironmentState.FAILED,
        Environment.ended_at > now() - _REST,
    )
    return session.scalar(query.limit(1)) is not None


def spent_warm() -> list[Environment]:
    """Return what stood ready, was handed to nobody and is over for a while, and gone."""
    query = select(Environment).where(
        Environment.is_warm, Environment.removed_at.is_not(None), Environment.ended_at < now() - _REST
    )
    return list(session.scalars(query.options(*bare())))


def in_use_lately() -> list[tuple[Project, TaskVersion]]:
    """Return the versions of which somebody made an environment in a project within the last hour."""
    query = (
        select(Environment.project_id, Environment.task_version_id)
        .join(Project, Project.id == Environment.project_id)
        .where(Environment.is_warm.is_(False), Environment.created_at > now() - _IN_USE)
        .where(Project.archived_at.is_(None))
        .distinct()
    )
    pairs = session.execute(query).all()
    return [(session.get_one(Project, place), session.get_one(TaskVersion, which)) for place, which in pairs]
