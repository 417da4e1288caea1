"""The beginning of an environment: a row with a token, and a worker that will bring it up."""

from collections.abc import Mapping, Sequence

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.ids import token as new_token
from app.core.ids import uuid7
from app.core.secrets import digest
from app.environments.models import Environment, EnvironmentState, TaskVersion
from app.environments.operations.bringing_up import bring_up
from app.environments.operations.inputs import Said
from app.projects.models import Project


def begin(
    project: Project,
    version: TaskVersion,
    *,
    by: User | None,
    inputs: Mapping[str, Said],
    secret_ids: Sequence[str] = (),
    seconds: int,
    is_warm: bool = False,
) -> tuple[Environment, str]:
    """Write down an environment that a worker will bring up, and return it with its token."""
    token = f"env_{new_token(32)}"
    with transaction():
        environment = Environment(
            id=uuid7(),
            project=project,
            project_id=project.id,
            task_version=version,
            task_version_id=version.id,
            task_ref=version.ref,
            created_by=by,
            created_by_id=by.id if by is not None else None,
            inputs=dict(inputs),
            secret_ids=list(secret_ids),
            seconds=seconds,
            is_warm=is_warm,
            token=token,
            token_digest=digest(token),
            status=EnvironmentState.PROVISIONING if version.is_built else EnvironmentState.BUILDING,
        )
        session.add(environment)
        session.flush()  # its run refers to it
        environment.run_id = bring_up.later(environment.id, topic=environment.id).id
    return environment, token
