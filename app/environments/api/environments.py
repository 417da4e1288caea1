"""Make environments, ask how they stand, work in them, tear them down."""

from typing import Any
from uuid import UUID

from flask import Response, request

from app.accounts.operations import note_key_use
from app.accounts.queries import is_to_be_noted
from app.core.errors import NotFound, Unauthenticated
from app.core.paging import slice_of
from app.core.secrets import digest
from app.environments import operations, queries
from app.environments.api.base import WORKSPACE, operation, organization_at, workspace_at
from app.environments.api.tasks import version_of
from app.environments.models import ENDED, Environment, TaskVersion
from app.environments.schemas import (
    EnvironmentList,
    EnvironmentOut,
    EnvironmentsQuery,
    EnvironmentStatus,
    Executed,
    Execution,
    LogsOut,
    NewEnvironment,
    Submission,
    VerificationOut,
)
from app.web import guards
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.polling import answer_status

_ALL = f"{WORKSPACE}/environments"
_ONE = f"{_ALL}/<uuid:id>"


def _environment(org: str, workspace: str, environment_id: UUID) -> Environment:
    project = workspace_at(org, workspace)
    try:
        return load_or_404(queries.environment_in(project, environment_id))
    except NotFound:
        raise NotFound(f"Environment not found: {environment_id}") from None


@operation("GET", _ALL, operation="List task environments", query=EnvironmentsQuery, answer=EnvironmentList)
def list_environments(org: str, workspace: str, query: EnvironmentsQuery) -> dict[str, Any]:
    """List a workspace's environments, newest first; `state` may be given several times."""
    found, total = slice_of(
        queries.environments_in(workspace_at(org, workspace), query.state), limit=query.limit, skip=query.skip
    )
    return {"environments": [EnvironmentOut.of(each) for each in found], **query.place(total)}


@operation(
    "POST",
    _ALL,
    operation="Create task environment",
    body=NewEnvironment,
    answer=EnvironmentOut,
    status=201,
    errors=(429,),
)
def create_environment(org: str, workspace: str, body: NewEnvironment) -> EnvironmentOut:
    """Make an environment of a task; `execute_token` is in this answer and in the first `ready` status.

    The workspace is the project, so `project_id` changes nothing; `model_overrides` are for the caller's
    own model.
    """
    project = workspace_at(org, workspace)
    environment, token = operations.create_environment(
        project,
        _task(org, body.task_ref),
        by=me(),
        inputs=body.inputs,
        secret_ids=body.secret_ids,
        seconds=body.timeout_sec,
    )
    return EnvironmentOut.of(environment, token=token)


def _task(org: str, task_ref: str) -> TaskVersion:
    """Find what a reference `[org/]name[@version]` means."""
    named, _, version = task_ref.partition("@")
    place, _, name = named.rpartition("/")
    try:
        organization_at(place or org)
        return version_of(place or org, name, version or None)
    except NotFound:
        raise NotFound(f"Task not found: {task_ref}") from None


@operation("GET", _ONE, operation="Get task environment", answer=EnvironmentOut)
def get_environment(org: str, workspace: str, id: UUID) -> EnvironmentOut:  # noqa: A002 - the contract's name
    """Return an environment in full; its token is never in this answer."""
    return EnvironmentOut.of(_environment(org, workspace, id))


@operation("GET", f"{_ONE}/status", operation="Get task environment status", answer=EnvironmentStatus)
@guards.guards_itself
def get_status(org: str, workspace: str, id: UUID) -> Response:  # noqa: A002 - the contract's name
    """Return how an environment stands, cheaply; the full one has the instruction as well.

    Who made it finds `execute_token` (and `instruction`) in the first `ready` one, and never again.
    """
    secret = guards.bearer()
    key = digest(secret) if secret is not None and secret.startswith("gr_") else None
    if key is None:
        guards.demand()
        _environment(org, workspace, id)
    delivered: dict[str, str | None] = {}  # for as long as this answer waits, so that none is lost on the way

    def read() -> dict[str, Any]:
        row = (
            queries.status_by_key(id, key, org=org, workspace=workspace)
            if key is not None
            else queries.status_of(id)
        )
        if row is None or (key is not None and "read" not in row.scopes):
            guards.demand()
            _environment(org, workspace, id)  # by a former name of the organization it is there as well
            row = queries.status_of(id)
        elif key is not None and is_to_be_noted(row.last_used_at):
            note_key_use(row.key_id)
        asker = getattr(row, "asker_id", None) or me().id
        token = operations.claim_token(
            id, has_token=row.has_token, is_creator=row.created_by_id == asker, state=row.status
        )
        if token is not None:
            delivered.update(token=token, instruction=queries.instruction_of(id))
        return queries.as_status(row, **delivered)

    return answer_status(read, topic=str(id), enveloped=False, is_awaited=_is_awaited)


def _is_awaited(status: dict[str, Any]) -> bool:
    """Tell whether nobody should wait longer: the token comes only this once, or it is over."""
    return status["execute_token"] is not None or status["state"] in ENDED


@operation(
    "POST",
    f"{_ONE}/execute",
    operation="Execute a command in a task environment",
    body=Execution,
    answer=Executed,
    errors=(409, 429),
)
def execute(org: str, workspace: str, id: UUID, body: Execution) -> Executed:  # noqa: A002
    """Run a shell line in the environment; its token comes as `X-Environment-Token: Bearer TOKEN`.

    Standard output and errors come together, at most 1 MiB; after `timeout_sec` the exit code is 124.
    """
    environment = _environment(org, workspace, id)
    token = request.headers.get("X-Environment-Token", "").removeprefix("Bearer ").strip()
    if not token:
        raise Unauthenticated("Send the environment's token as `X-Environment-Token: Bearer TOKEN`.")
    ran = operations.execute(
        environment, command=body.command, seconds=body.timeout_sec, by=me(), token=token
    )
    return Executed(exit_code=ran.exit_code, output=ran.output)


@operation("GET", f"{_ONE}/logs", operation="Get task environment logs", answer=LogsOut)
def get_logs(org: str, workspace: str, id: UUID) -> LogsOut:  # noqa: A002 - the contract's name
    """Return what was done to bring it up, and the last lines of each of its services."""
    return LogsOut(logs=operations.logs_of(_environment(org, workspace, id)))


@operation(
    "POST",
    f"{_ONE}/verification",
    operation="Verify a task environment (ours)",
    body=Submission,
    answer=VerificationOut,
    errors=(409,),
)
def verify(org: str, workspace: str, id: UUID, body: Submission) -> dict[str, Any]:  # noqa: A002
    """Find out now whether the task is done: by its script, or by the flag that was found."""
    return operations.verify(_environment(org, workspace, id), by=me(), flag=body.flag)


@operation("DELETE", _ONE, operation="Tear down task environment", status=204)
def delete_environment(org: str, workspace: str, id: UUID) -> None:  # noqa: A002 - the contract's name
    """Tear an environment down for good; one that is over already stays as it is."""
    operations.tear_down(_environment(org, workspace, id), by=me())
