"""Make an environment, and what ends one: its time, its project, somebody's word, or a failure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.accounts.models import User
from app.core import audit, ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Failed, Fault, Invalid, NotAllowed, TooMany
from app.core.ids import token as new_token
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.core.secrets import digest
from app.engine import routes, serving
from app.environments import permissions, queries
from app.environments.models import Environment, EnvironmentState, TaskVersion
from app.environments.operations.bringing_up import bring_up, run_script
from app.organizations.models import Organization
from app.organizations.queries import hold
from app.projects.models import Audience, Project
from app.projects.queries import variables_in

_LONGEST_INPUT = 10_000
Said = str | int | float | bool | None


def create_environment(
    project: Project,
    version: TaskVersion,
    *,
    by: User,
    inputs: Mapping[str, Said] | None = None,
    secret_ids: Sequence[str] = (),
    seconds: int | None = None,
) -> tuple[Environment, str]:
    """Make an environment of a task and return it with its token; a worker brings it up."""
    if not permissions.can_create(by, project):
        raise NotAllowed("Only developers and admins make environments.")
    faults = [
        *_input_faults(version, inputs or {}),
        *_secret_faults(project, secret_ids),
        *_time_faults(seconds),
    ]
    if faults:
        raise Invalid("Some of what was sent does not hold; `errors` names each place.", errors=faults)
    token = f"env_{new_token(32)}"
    with transaction():
        _leave_room(project.organization)
        environment = Environment(
            id=uuid7(),
            project=project,
            project_id=project.id,
            task_version=version,
            task_version_id=version.id,
            task_ref=version.ref,
            created_by=by,
            created_by_id=by.id,
            inputs=_filled_in(version, inputs or {}),
            secret_ids=list(secret_ids),
            seconds=seconds or installation().environment_seconds,
            token=token,
            token_digest=digest(token),
            status=EnvironmentState.PROVISIONING if version.is_built else EnvironmentState.BUILDING,
        )
        version.used_at = now()
        session.add(environment)
        session.flush()  # its run refers to it
        environment.run_id = bring_up.later(environment.id, topic=environment.id).id
        _log(environment, "environment.made", by=by)
    return environment, token


def _leave_room(organization: Organization) -> None:
    """Refuse one more than an organization may have; others who make one wait until this one counts."""
    hold(organization.id)
    most = installation().most_environments
    if queries.count_open(organization.id) >= most:
        raise TooMany(f"{organization.name} has {most} environments already. Tear one down first.")


def _input_faults(version: TaskVersion, inputs: Mapping[str, Said]) -> list[Fault]:
    known = version.definition.known_inputs
    names = ", ".join(known) or "none"
    unknown = [
        _fault("inputs", name, f"This task has no input {name}. It has: {names}.", "unknown_input")
        for name in inputs
        if name not in known
    ]
    long = [
        _fault("inputs", name, f"This may have {_LONGEST_INPUT} characters.", "too_long")
        for name, value in inputs.items()
        if isinstance(value, str) and len(value) > _LONGEST_INPUT
    ]
    missing = [
        _fault("inputs", name, f"This task needs the input {name}.", "missing")
        for name, said in known.items()
        if said.required and said.default is None and inputs.get(name) is None
    ]
    return [*unknown, *long, *missing]


def _secret_faults(project: Project, secret_ids: Sequence[str]) -> list[Fault]:
    known = {str(each.id) for each in variables_in(project) if each.audience is Audience.PREVIEW}
    return [
        _fault("secret_ids", place, f"{project.name} has no variable with the id {each}.", "unknown_secret")
        for place, each in enumerate(secret_ids)
        if each not in known
    ]


def _time_faults(seconds: int | None) -> list[Fault]:
    most = installation().environment_max_seconds
    if seconds is None or 0 < seconds <= most:
        return []
    return [{"loc": ["body", "timeout_sec"], "msg": f"Say a time from 1 to {most} seconds.", "type": "range"}]


def _fault(field: str, place: str | int, message: str, kind: str) -> Fault:
    return {"loc": ["body", field, place], "msg": message, "type": kind}


def _filled_in(version: TaskVersion, inputs: Mapping[str, Said]) -> dict[str, Said]:
    defaults = {name: said.default for name, said in version.definition.known_inputs.items()}
    said = {**defaults, **{name: value for name, value in inputs.items() if value is not None}}
    return {name: value for name, value in said.items() if value is not None}


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


def expire_environments() -> int:
    """Tear down what has lived as long as it was to; called by the schedule."""
    overdue = queries.overdue_environments()
    for environment in overdue:
        take_down(environment)
    return len(overdue)
