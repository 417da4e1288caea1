"""Environments themselves: whose they are, which are up, which nobody needs."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, not_, or_, select

from app.core import ledger
from app.core.clock import now
from app.core.db import bare, session
from app.core.ledger import Run
from app.core.secrets import digest
from app.environments.models import ENDED, ON_THE_WAY, UP, Environment, EnvironmentState, Task, TaskVersion
from app.projects.models import Project

_AT_A_TIME = 100
_KEPT_BUILT = timedelta(days=7)  # what nobody used for so long is built anew


def environments_in(project: Project, states: list[EnvironmentState] | None = None) -> Select[Environment]:
    """Return the environments of a project, newest first, all or those that stand somewhere."""
    query = select(Environment).where(Environment.project_id == project.id, Environment.is_warm.is_(False))
    if states:
        query = query.where(Environment.status.in_(states))
    return query.order_by(Environment.created_at.desc(), Environment.id.desc())


def environment_in(project: Project, environment_id: UUID) -> Select[Environment]:
    """Return one environment of a project."""
    return environments_in(project).where(Environment.id == environment_id)


def all_environments_in(project: Project) -> list[Environment]:
    """Return every environment of a project, over or not, what stands ready for nobody as well."""
    return list(session.scalars(select(Environment).where(Environment.project_id == project.id)).unique())


def open_environments_in(project: Project) -> list[Environment]:
    """Return the environments of a project that are up or on their way, what stands ready as well."""
    query = select(Environment).where(
        Environment.project_id == project.id, Environment.status.in_([*ON_THE_WAY, *UP])
    )
    return list(session.scalars(query).unique())


def environments_of(task: Task) -> list[Environment]:
    """Return every environment of a task, wherever it stands."""
    query = select(Environment).join(TaskVersion, TaskVersion.id == Environment.task_version_id)
    query = query.where(TaskVersion.task_id == task.id)
    return list(session.scalars(query.execution_options(populate_existing=True)).unique())


def count_open(organization_id: UUID) -> int:
    """Return how many environments of an organization are up or on their way."""
    query = select(func.count(Environment.id)).join(Project, Project.id == Environment.project_id)
    query = query.where(
        Project.organization_id == organization_id,
        Environment.status.not_in(ENDED),
        Environment.is_warm.is_(False),
    )
    return session.scalar(query) or 0


def overdue_environments() -> list[Environment]:
    """Return what is up though its time is over."""
    query = select(Environment).where(Environment.status.in_(UP), Environment.expires_at < now())
    return list(session.scalars(query.options(*bare())))


def unended() -> list[Environment]:
    """Return every environment that is up or on its way."""
    query = select(Environment).where(Environment.status.not_in(ENDED))
    return list(session.scalars(query.execution_options(populate_existing=True)).unique())


def unremoved() -> list[Environment]:
    """Return what is over for a while though what it had may be there still, a hundred at most."""
    query = select(Environment).where(
        Environment.removed_at.is_(None), Environment.ended_at < now() - ledger.patience()
    )
    query = query.order_by(Environment.ended_at).limit(_AT_A_TIME).options(*bare())
    return list(session.scalars(query.execution_options(populate_existing=True)))


def may_token_open(token: str, label: str) -> bool:
    """Tell whether a token is that of the environment which has a service at a host label."""
    query = select(Environment).where(
        Environment.token_digest == digest(token), Environment.status.not_in(ENDED)
    )
    found = session.scalars(query).unique().one_or_none()
    return found is not None and label in map(found.label_of, found.task_version.definition.services)


def run_of(environment: Environment) -> Run | None:
    """Return the ledger's row of an environment, as it is now."""
    if environment.run_id is None:
        return None
    return session.get(Run, environment.run_id, populate_existing=True)


def folders_in_use() -> set[str]:
    """Return what the folders are called that environments need, or needed until a moment ago."""
    over = and_(Environment.status.in_(ENDED), Environment.ended_at < now() - ledger.patience())
    found = {f"environment-{each.hex}" for each in session.scalars(select(Environment.id).where(not_(over)))}
    in_use = select(Environment.task_version_id).where(Environment.status.in_(ON_THE_WAY))
    built = select(TaskVersion.id).where(
        or_(TaskVersion.used_at > now() - _KEPT_BUILT, TaskVersion.id.in_(in_use))
    )
    return found | {f"task-{each.hex}" for each in session.scalars(built)}
