"""The tasks of an organization, for somebody who was seen to belong to it."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core.db import session
from app.environments.models import Task, TaskVersion
from app.organizations.models import Organization

_NEWEST_FIRST: tuple[ColumnElement[Any], ...] = (
    TaskVersion.is_prerelease.asc(),  # the newest release, before anything that is to become one
    TaskVersion.major.desc(),
    TaskVersion.minor.desc(),
    TaskVersion.patch.desc(),
    TaskVersion.created_at.desc(),
    TaskVersion.id.desc(),
)


def task_named(organization_id: UUID, name: str) -> Task | None:
    """Return the task of this name."""
    return session.scalars(
        select(Task).where(Task.organization_id == organization_id, Task.name == name)
    ).one_or_none()


def task_in(organization: Organization, task_id: UUID) -> Select[Task]:
    """Return one task of an organization."""
    return select(Task).where(Task.organization_id == organization.id, Task.id == task_id)


def tasks_of(organization_id: UUID) -> list[Task]:
    """Return every task of an organization."""
    return list(session.scalars(select(Task).where(Task.organization_id == organization_id)))


def all_versions_of(task: Task) -> list[TaskVersion]:
    """Return every version of a task."""
    return list(session.scalars(select(TaskVersion).where(TaskVersion.task_id == task.id)))


def versions_in(organization: Organization) -> Select[TaskVersion]:
    """Return every version of every task, newest version of each first."""
    return (
        select(TaskVersion)
        .join(Task, Task.id == TaskVersion.task_id)
        .where(Task.organization_id == organization.id)
        .order_by(Task.name, *_NEWEST_FIRST)
    )


def tasks_in(organization: Organization) -> Select[TaskVersion]:
    """Return the latest version of each task, by name."""
    place = func.row_number().over(partition_by=TaskVersion.task_id, order_by=_NEWEST_FIRST).label("place")
    ranked = select(TaskVersion.id, place).subquery()
    return (
        select(TaskVersion)
        .join(ranked, and_(ranked.c.id == TaskVersion.id, ranked.c.place == 1))
        .join(Task, Task.id == TaskVersion.task_id)
        .where(Task.organization_id == organization.id)
        .order_by(Task.name)
    )


def versions_of(organization: Organization, name: str) -> Select[TaskVersion]:
    """Return the versions of the task of this name, newest first."""
    return versions_in(organization).where(Task.name == name)


def version_named(organization: Organization, name: str, version: str) -> Select[TaskVersion]:
    return versions_of(organization, name).where(TaskVersion.version == version)


def version_by_id(organization: Organization, version_id: UUID) -> Select[TaskVersion]:
    return versions_in(organization).where(TaskVersion.id == version_id)


def latest_version_named(organization: Organization, name: str) -> Select[TaskVersion]:
    return versions_of(organization, name).limit(1)
