"""Take away for good what tasks and environments leave: repositories, what was built, logs."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete

from app.accounts.models import User
from app.core import audit
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.installation import installation
from app.engine import serving
from app.environments import permissions, queries
from app.environments.models import Environment, Task
from app.environments.operations.making import take_down
from app.organizations.queries import hold
from app.projects.models import Project


def remove_task(task: Task, *, by: User) -> None:
    """Remove a task with all its versions; not while anybody has an environment of it."""
    if not permissions.can_publish(by, task.organization):
        raise NotAllowed(f"Only developers and admins of {task.organization.name} remove tasks.")
    _let_go_of_waiting(task)
    with transaction():
        hold(task.organization_id)
        environments = queries.environments_of(task)
        if any(each.removed_at is None for each in environments):
            raise Conflict(
                f"There are environments of {task.name} still, or they are being removed. "
                "Tear them down, wait a moment, and remove it then."
            )
        left = [*_files_of(task), *(path for each in environments for path in _logs_of(each))]
        audit.record(
            "task.deleted",
            by=by,
            subject=task.name,
            subject_id=task.id,
            organization_id=task.organization_id,
        )
        session.execute(delete(Task).where(Task.id == task.id))
        session.expire_all()  # its versions and environments went with it
    _clear(left)


def _let_go_of_waiting(task: Task) -> None:
    """End what stands ready of a task: nobody has it yet."""
    for each in queries.environments_of(task):
        if each.is_warm and not each.is_over:
            take_down(each)


def erase_tasks(organization_id: UUID) -> None:
    """Remove the files of every task of an organization that is about to go; its rows go with it."""
    _clear([path for task in queries.tasks_of(organization_id) for path in _files_of(task)])


def erase_logs(project: Project) -> None:
    """Remove the logs of every environment of a project that is about to go; its rows go with it."""
    _clear([path for each in queries.all_environments_in(project) for path in _logs_of(each)])


def _files_of(task: Task) -> list[Path]:
    built = [version.folder for version in queries.all_versions_of(task)]
    return [task.repository_path, installation().caches / f"task-{task.id}", *built]


def _logs_of(environment: Environment) -> list[Path]:
    return list(environment.log_path.parent.glob(f"{environment.name}*"))


def _clear(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            serving.clear(path)
        else:
            path.unlink(missing_ok=True)
