"""Make an environment, and what ends one: its time, its project, somebody's word, or a failure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.accounts.models import User
from app.core import audit, ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Failed, Invalid, NotAllowed, TooMany
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.engine import routes, serving
from app.environments import permissions, queries
from app.environments.models import Environment, EnvironmentState, TaskVersion
from app.environments.operations.beginning import begin
from app.environments.operations.bringing_up import run_script
from app.environments.operations.inputs import Said, filled_in, input_faults, secret_faults, time_faults
from app.environments.operations.warm import refill, take_one
from app.organizations.models import Organization
from app.organizations.queries import hold
from app.projects.models import Project


def create_environment(
    project: Project,
    version: TaskVersion,
    *,
    by: User,
    inputs: Mapping[str, Said] | None = None,
    secret_ids: Sequence[str] = (),
    seconds: int | None = None,
) -> tuple[Environment, str]:
    """Make an environment of a task and return it with its token; a worker brings it up.

    One that stands ready as it would become is handed out at once.
    """
    if not permissions.can_create(by, project):
        raise NotAllowed("Only developers and admins make environments.")
    faults = [
        *input_faults(version, inputs or {}),
        *secret_faults(project, secret_ids),
        *time_faults(seconds),
    ]
    if faults:
        raise Invalid("Some of what was sent does not hold; `errors` names each place.", errors=faults)
    said, lives = filled_in(version, inputs or {}), seconds or installation().environment_seconds
    with transaction():
        _leave_room(project.organization)
        made = None if secret_ids else take_one(project, version, by=by, inputs=said, seconds=lives)
        environment, token = made or begin(
            project, version, by=by, inputs=said, secret_ids=secret_ids, seconds=lives
        )
        version.used_at = now()
        _log(environment, "environment.made", by=by)
        refill(project, version)
    return environment, token


def _leave_room(organization: Organization) -> None:
    """Refuse one more than an organization may have; others who make one wait until this one counts."""
    hold(organization.id)
    most = installation().most_environments
    if queries.count_open(organization.id) >= most:
        raise TooMany(f"{organization.name} has {most} environments already. Tear one down first.")


def _log(environment: Environment, act: str, *, by: User | None) -> None:
    audit.record(
        act,
        by=by,
        subject=environment.task_ref,
        subject_id=environment.id,
        organization_id=environment.project.organization_id,
    )


@ledger.when_ended("environments.bring_up")
def _note_end(run: Run) -> None:
    """Let an environment end with the run that brought it up, for the same reason."""
    environment = session.get(Environment, UUID(run.subject_id), populate_existing=True)
    if environment is None or not environment.is_on_the_way:
        return
    if run.state is RunState.CANCELLED:
        end(environment, EnvironmentState.TORN_DOWN)
        return
    failed = Failed(
        run.error_code or "failed",
        run.error_message or "It did not work.",
        run.error_suggestion,
        run.error_lines or [],
    )
    fail(environment, failed)


def fail(environment: Environment, failed: Failed) -> None:
    """Write why an environment is not there."""
    with transaction():
        environment.error_code, environment.error_message = failed.code, failed.message
        environment.error_suggestion, environment.error_lines = failed.suggestion, list(failed.lines)
        end(environment, EnvironmentState.FAILED)


def tear_down(environment: Environment, *, by: User) -> None:
    """End an environment for good; what is over stays as it is."""
    if not permissions.can_use(by, environment):
        raise NotAllowed("Only developers and admins tear environments down.")
    with transaction():
        session.refresh(environment)
        if not environment.is_over:
            _log(environment, "environment.deleted", by=by)
            take_down(environment)


def take_down(environment: Environment) -> None:
    """End an environment, whatever it was doing."""
    with transaction():
        run = queries.run_of(environment)
        if environment.is_on_the_way and run is not None and run.state is RunState.RUNNING:
            ledger.cancel(run)  # its end is written once its work is seen to have stopped
            return
        if run is not None and run.is_open:
            ledger.cancel(run)
        if not environment.is_over:
            end(environment, EnvironmentState.TORN_DOWN)


def take_all_down(project: Project) -> None:
    """End every environment of a project, which goes to rest."""
    for environment in queries.open_environments_in(project):
        take_down(environment)


def end(environment: Environment, state: EnvironmentState) -> None:
    """Write that an environment is over; what it had is taken away."""
    with transaction():
        environment.move_to(state)
        environment.ended_at = now()
        environment.token = None
        remove_environment.later(environment.id, topic=environment.project_id)
        changed(str(environment.id))


@job(queue="quick", deadline=1900, attempts=3)
def remove_environment(environment_id: UUID) -> None:
    """Run the teardown script of an environment that is over, and take all that it had away but its log."""
    environment = session.get(Environment, environment_id, populate_existing=True)
    if environment is None or not environment.is_over:
        return
    script = environment.task_version.definition.teardown
    if script is not None and environment.ready_at is not None and environment.folder.is_dir():
        run_script(environment, script, must_work=False)
    with transaction():
        for service in environment.task_version.definition.services:
            routes.remove(environment.label_of(service), "This environment was torn down.")
    for service in environment.task_version.definition.services:
        serving.remove(environment.instance_of(service))
    serving.clear(environment.scripts)
    serving.clear(environment.folder)
    with transaction():
        environment.removed_at = now()


def remove_left_over() -> int:
    """Ask again for what was not taken away of environments that are over; called by the schedule."""
    left = [each for each in queries.unremoved() if not is_being_removed(each)]
    with transaction():
        for environment in left:
            remove_environment.later(environment.id, topic=environment.project_id)
    return len(left)


def is_being_removed(environment: Environment) -> bool:
    """Tell whether somebody is, or is about to be, at the removal of what an environment had."""
    return ledger.open_run(remove_environment.kind, environment.id) is not None


def expire_environments() -> int:
    """Tear down what has lived as long as it was to; called by the schedule."""
    overdue = queries.overdue_environments()
    for environment in overdue:
        take_down(environment)
    return len(overdue)


def keep_warm() -> int:
    """Replace what expired or failed of tasks in use, forget what nobody took; called by the schedule."""
    for spent in queries.spent_warm():
        with transaction():
            session.delete(spent)
    return sum(refill(project, version) for project, version in queries.in_use_lately())
