"""How an environment stands: what a poll asks for is one statement, and its token is given out once."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, exists, or_, select

from app.accounts.models import ApiKey, User
from app.core.clock import iso, now
from app.core.db import UtcDateTime, session
from app.core.one_read import OneRead
from app.environments.models import Environment, EnvironmentState
from app.organizations.models import Membership, Organization, Role
from app.projects.models import Access, Project, ProjectMember

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
_state = select(*_columns).where(Environment.id == bindparam("environment_id", type_=Uuid()))
_by_key = (
    _state.add_columns(
        ApiKey.user_id.label("asker_id"), ApiKey.scopes, ApiKey.last_used_at, ApiKey.id.label("key_id")
    )
    .join(Project, Project.id == Environment.project_id)
    .join(Organization, Organization.id == Project.organization_id)
    .join(ApiKey, ApiKey.digest == bindparam("digest"))
    .join(User, User.id == ApiKey.user_id)
    .join(
        Membership,
        and_(
            Membership.user_id == ApiKey.user_id,
            Membership.organization_id == ApiKey.organization_id,
            Membership.organization_id == Project.organization_id,
        ),
    )
    .where(
        Organization.slug == bindparam("org"),
        Project.slug == bindparam("workspace"),
        Project.leaving_at.is_(None),
        ApiKey.revoked_at.is_(None),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > bindparam("moment", type_=UtcDateTime())),
        User.deactivated_at.is_(None),
        or_(
            Project.access == Access.ORGANIZATION,
            Membership.role == Role.ADMIN,
            exists().where(ProjectMember.project_id == Project.id, ProjectMember.user_id == User.id),
        ),
    )
)
_read, _read_by_key = OneRead(_state), OneRead(_by_key)


def status_by_key(environment_id: UUID, key_digest: str, *, org: str, workspace: str) -> Any | None:
    """Return key, membership and status in one statement, without a session; None when they do not join."""
    return _read_by_key.first(
        environment_id=environment_id, digest=key_digest, org=org, workspace=workspace, moment=now()
    )


def status_of(environment_id: UUID) -> Any:
    """Return how an environment stands, for somebody who was seen to see it."""
    return _read.first(environment_id=environment_id)


def as_status(row: Any, *, token: str | None = None) -> dict[str, Any]:
    """Write a status row as the API's body."""
    state: EnvironmentState = row.status
    is_up = state in {EnvironmentState.READY, EnvironmentState.PAUSED}
    why = " ".join(filter(None, [row.error_message, row.error_suggestion]))
    return {
        "id": str(row.id),
        "state": state.value,
        "expires_at": iso(row.expires_at),
        "service_urls": row.service_urls if is_up else None,
        "execute_token": token,
        "instruction": None,
        "error": why if state is EnvironmentState.FAILED else None,
        "task_verification": row.verification,
    }


def sealed_token_of(environment_id: UUID) -> str | None:
    """Return the token of an environment that is ready, as long as it was not given out for good."""
    return session.scalar(
        select(Environment.token).where(
            Environment.id == environment_id, Environment.status == EnvironmentState.READY
        )
    )
