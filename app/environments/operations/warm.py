"""Environments that stand ready before anybody asks: handed out once, in a moment, and made anew behind it.

A task says how many (`warm` in task.yaml). They are for a project that makes environments of the task, and
for whoever says nothing of their own: inputs and secrets go into an environment before it is ready.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import update

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.installation import installation
from app.engine import instances
from app.engine.instances import InstanceState
from app.environments import queries
from app.environments.models import Environment, EnvironmentState, TaskVersion
from app.environments.operations.beginning import begin
from app.environments.operations.inputs import Said, filled_in, input_faults
from app.organizations.queries import hold
from app.projects.models import Project

STANDS_SECONDS = 1800  # nobody took it for so long: it goes, and another one comes while the task is in use
_MARGIN = timedelta(seconds=10)  # what is about to go is not handed out


def take_one(
    project: Project, version: TaskVersion, *, by: User, inputs: Mapping[str, Said], seconds: int
) -> tuple[Environment, str] | None:
    """Hand out one that stands ready with these inputs, with its token; None where there is none."""
    for each in queries.standing_ready(project, version, until=now() + _MARGIN):
        if each.inputs == inputs and each.token is not None and _is_whole(each) and _won(each):
            token = each.token
            each.created_by, each.created_by_id = by, by.id
            each.seconds = seconds
            each.created_at = each.ready_at = now()
            each.expires_at = each.ready_at + timedelta(seconds=seconds)
            for name in map(each.instance_of, each.processes):
                instances.note_visit(name)
                instances.let_sleep_after(name, installation().idle_seconds)
            changed(str(each.id))
            return each, token
    return None


def _is_whole(environment: Environment) -> bool:
    names = map(environment.instance_of, environment.processes)
    return environment.folder.is_dir() and all(
        instances.state_of(name) is InstanceState.RUNNING for name in names
    )


def _won(environment: Environment) -> bool:
    """Take it, unless somebody else did or it ended this very moment."""
    taken = session.execute(
        update(Environment)
        .where(
            Environment.id == environment.id,
            Environment.is_warm,
            Environment.status == EnvironmentState.READY,
        )
        .values(is_warm=False, version=Environment.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(environment)
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def refill(project: Project, version: TaskVersion) -> int:
    """Have as many come up as the task says and the organization may have; returns how many that are."""
    if not version.definition.warm or any(input_faults(version, {})):
        return 0
    with transaction():
        hold(project.organization_id)
        room = installation().most_warm - queries.count_warm(project.organization_id)
        missing = min(version.definition.warm - queries.count_warm_of(project, version), room)
        if missing <= 0 or queries.failed_lately(project, version):
            return 0
        for _ in range(missing):
            begin(
                project,
                version,
                by=None,
                inputs=filled_in(version, {}),
                seconds=STANDS_SECONDS,
                is_warm=True,
            )
    return missing
