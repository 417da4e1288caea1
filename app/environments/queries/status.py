"""How an environment stands: what a poll asks for is one statement, and its token is given out once."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from app.accounts.queries import is_to_be_noted
from app.core.clock import iso, now
from app.core.db import session
from app.core.installation import installation
from app.core.one_read import OneRead
from app.environments.models import Environment, EnvironmentState, TaskVersion
from app.organizations.models import Organization
from app.projects.models import Project
from app.projects.queries import opened_by_key

_columns = (
    Environment.id,
    Environment.status.label("status"),
    Environment.expires_at,
    Environment.service_urls,
    Environment.error_message,
    Environment.error_suggestion,
    Environment.verification,
    Environment.created_by_id,
    Environment.token.is_not(None).label("has_token"),
)
_state = select(*_columns).where(
    Environment.id == bindparam("environment_id", type_=Uuid()), Environment.is_warm.is_(False)
)
_by_key = opened_by_key(
    _state.join(Project, Project.id == Environment.project_id)
    .join(Organization, Organization.id == Project.organization_id)
    .where(Organization.slug == bindparam("org"), Project.slug == bindparam("workspace")),
    organization_id=Project.organization_id,
)
_read, _read_by_key = OneRead(_state), OneRead(_by_key)


def status_by_key(environment_id: UUID, key_digest: str, *, org: str, workspace: str) -> Any | None:
    """Return key, membership and status in one statement, without a session; None when they do not join."""
    return _read_by_key.first(
        environment_id=environment_id, digest=key_digest, org=org, workspace=workspace, moment=now()
    )


def quick_status(org: str, workspace: str, environment_id: UUID, key_digest: str) -> dict[str, Any] | None:
    """Return the API's status body for a key that may read it and was noted as used; None for all else.

    Who made it is about to be given its token where it became ready: that goes the ordinary way as well, and
    so does everything where the age of clients is looked at.
    """
    if installation().oldest_clients:
        return None
    row = status_by_key(environment_id, key_digest, org=org, workspace=workspace)
    if row is None or "read" not in row.scopes or is_to_be_noted(row.last_used_at):
        return None
    if row.has_token and row.status is EnvironmentState.READY and row.created_by_id == row.asker_id:
        return None
    return as_status(row)


def status_of(environment_id: UUID) -> Any:
    """Return how an environment stands, for somebody who was seen to see it."""
    return _read.first(environment_id=environment_id)


def as_status(row: Any, *, token: str | None = None, instruction: str | None = None) -> dict[str, Any]:
    """Write a status row as the API's body; what is given out once comes along where it is."""
    state: EnvironmentState = row.status
    is_up = state in {EnvironmentState.READY, EnvironmentState.PAUSED}
    why = " ".join(filter(None, [row.error_message, row.error_suggestion]))
    return {
        "id": str(row.id),
        "state": state.value,
        "expires_at": iso(row.expires_at),
        "service_urls": row.service_urls if is_up else None,
        "execute_token": token,
        "instruction": instruction,
        "error": why if state is EnvironmentState.FAILED else None,
        "task_verification": row.verification,
    }


def instruction_of(environment_id: UUID) -> str | None:
    """Return what is to be done in an environment, as its task was written."""
    version = (
        select(TaskVersion)
        .join(Environment, Environment.task_version_id == TaskVersion.id)
        .where(Environment.id == environment_id)
    )
    return session.scalars(version).one().definition.instruction or None


def sealed_token_of(environment_id: UUID) -> str | None:
    """Return the token of an environment that is ready, as long as it was not given out for good."""
    return session.scalar(
        select(Environment.token).where(
            Environment.id == environment_id, Environment.status == EnvironmentState.READY
        )
    )
