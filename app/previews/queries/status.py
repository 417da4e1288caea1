"""How a preview stands: what a poll asks for is one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from app.accounts.queries import is_to_be_noted
from app.core.clock import iso, now
from app.core.db import session
from app.core.ledger import Run
from app.core.one_read import OneRead
from app.engine import routes
from app.engine.instances import Instance
from app.previews.models import ON_THE_WAY, Preview, PreviewStatus
from app.projects.models import Project
from app.projects.queries import opened_by_key
from app.requests.models import ProductRequest, RequestStatus

PHASES = ("checkout", "planning", "installing", "building", "starting")
SLOWEST_POLL, QUICKEST_POLL = 5000, 500

_newest = (
    select(Preview.id)
    .where(Preview.request_id == ProductRequest.id)
    .order_by(Preview.created_at.desc(), Preview.id.desc())
    .limit(1)
    .correlate(ProductRequest)
    .scalar_subquery()
)
_columns = (
    ProductRequest.id.label("request_id"),
    ProductRequest.branch_name.label("request_branch"),
    Preview.id.label("preview_id"),
    Preview.status,
    Preview.branch_name,
    Preview.commit_sha,
    Preview.label,
    Preview.error_code,
    Preview.error_message,
    Preview.error_suggestion,
    Preview.build_duration_ms,
    Preview.typical_ms,
    Preview.created_at,
    Preview.ready_at,
    Preview.expires_at,
    Preview.checked_at,
    Run.phase,
    Run.message,
    Run.last_sign_of_life_at,
    Run.cancel_requested_at,
    Preview.instance_name,
    Instance.state.label("instance_state"),
    Instance.error_message.label("instance_error"),
)
_state = (
    select(*_columns)
    .select_from(ProductRequest)
    .join(Project, Project.id == ProductRequest.project_id)
    .outerjoin(Preview, Preview.id == _newest)
    .outerjoin(Run, Run.id == Preview.run_id)
    .outerjoin(Instance, Instance.label == Preview.instance_name)
    .where(ProductRequest.id == bindparam("request_id", type_=Uuid()))
)
_by_key = opened_by_key(_state, organization_id=Project.organization_id)
_read, _read_by_key = OneRead(_state), OneRead(_by_key)


def status_by_key(request_id: UUID, key_digest: str) -> Any | None:
    """Return key, membership and status in one statement, without a session; None when they do not join."""
    return _read_by_key.first(request_id=request_id, digest=key_digest, moment=now())


def quick_status(request_id: UUID, key_digest: str) -> dict[str, Any] | None:
    """Return the API's status body for a key that may read it and was noted as used; None for all else."""
    row = status_by_key(request_id, key_digest)
    if row is None or "read" not in row.scopes or is_to_be_noted(row.last_used_at):
        return None
    return as_status(row)


def status_of(request_id: UUID) -> Any:
    """Return a request's preview status, for somebody who was seen to see the request."""
    return _read.first(request_id=request_id)


def effective(status: PreviewStatus | None, instance: str | None, *, has_process: bool) -> PreviewStatus:
    """Return what is true now: a ready preview is what its process is."""
    if status is None:
        return PreviewStatus.NOT_STARTED
    if status is not PreviewStatus.READY or not has_process:
        return status
    return {
        "running": PreviewStatus.READY,
        "asleep": PreviewStatus.ASLEEP,
        "starting": PreviewStatus.STARTING,
        "failed": PreviewStatus.FAILED,
    }.get(instance or "gone", PreviewStatus.STARTING)


def as_status(row: Any) -> dict[str, Any]:
    """Write a status row as the API's body: the seed's fields, then ours."""
    status = effective(row.status, row.instance_state, has_process=row.instance_name is not None)
    message, code, suggestion = row.error_message, row.error_code, row.error_suggestion
    if status is PreviewStatus.FAILED and row.status is not PreviewStatus.FAILED:
        message, code = row.instance_error or "It stopped and did not come back.", "stopped"
        suggestion = "Read the end of its log, then build it again."
    is_up = status in {PreviewStatus.READY, PreviewStatus.ASLEEP}
    return {
        "requestId": str(row.request_id),
        "status": status.value,
        "branchName": row.branch_name or row.request_branch,
        "previewUrl": routes.address_of(row.label) if is_up else None,
        "deploymentId": str(row.preview_id) if row.preview_id else None,
        "error": {"code": code, "message": message, "suggestion": suggestion}
        if status is PreviewStatus.FAILED
        else None,
        "buildDurationMs": row.build_duration_ms,
        "createdAt": iso(row.created_at),
        "readyAt": iso(row.ready_at),
        "phase": row.phase if status in ON_THE_WAY else None,
        "progress": progress(row, status),
        "message": row.message if status in ON_THE_WAY else None,
        "lastSignOfLifeAt": iso(row.last_sign_of_life_at),
        "expiresAt": iso(row.expires_at),
        "checkedAt": iso(row.checked_at),
        "nextPollMs": next_poll(row, status),
    }


def progress(row: Any, status: PreviewStatus) -> int:
    """Return how far it is in percent, by how long this project's previews took before."""
    if status in {PreviewStatus.READY, PreviewStatus.ASLEEP}:
        return 100
    if status not in ON_THE_WAY or row.phase is None:
        return 0
    elapsed = (now() - row.created_at).total_seconds()
    if row.typical_ms:
        return min(95, int(elapsed * 100_000 / row.typical_ms))
    return int(PHASES.index(row.phase) * 100 / len(PHASES)) if row.phase in PHASES else 5


def next_poll(row: Any, status: PreviewStatus) -> int | None:
    """Return when to ask again in milliseconds: a quarter of what typically remains; None when it is over."""
    if status not in ON_THE_WAY:
        return None
    if not row.typical_ms:
        return QUICKEST_POLL * 2
    remaining = row.typical_ms - (now() - row.created_at).total_seconds() * 1000
    pace = int(max(QUICKEST_POLL, min(SLOWEST_POLL, remaining / 4)))
    return pace - pace % QUICKEST_POLL


@dataclass(frozen=True)
class Glance:
    """What a card shows of a preview."""

    status: PreviewStatus
    url: str | None


def glances(request_ids: Collection[UUID]) -> dict[UUID, Glance]:
    """Return how the newest preview of each of these requests stands, in one statement."""
    rows = session.execute(
        select(ProductRequest.id, Preview.status, Preview.label, Preview.instance_name, Instance.state)
        .join(Preview, Preview.id == _newest)
        .outerjoin(Instance, Instance.label == Preview.instance_name)
        .where(ProductRequest.id.in_(request_ids))
    ).all()
    addresses = routes.addresses_of([row.label for row in rows])
    found: dict[UUID, Glance] = {}
    for request_id, recorded, label, instance_name, instance_state in rows:
        status = effective(recorded, instance_state, has_process=instance_name is not None)
        is_up = status in {PreviewStatus.READY, PreviewStatus.ASLEEP}
        found[request_id] = Glance(status, addresses[label] if is_up else None)
    return found


def states_of(previews: Collection[Preview]) -> dict[UUID, PreviewStatus]:
    """Return what is true now of each of these previews: one whose process sleeps is asleep."""
    names = [each.instance_name for each in previews if each.instance_name is not None]
    rows = session.execute(select(Instance.label, Instance.state).where(Instance.label.in_(names)))
    seen = {row.label: row.state for row in rows}
    return {
        each.id: effective(
            each.status, seen.get(each.instance_name or ""), has_process=each.instance_name is not None
        )
        for each in previews
    }


def failing_among(requests: Collection[ProductRequest]) -> set[UUID]:
    """Return which of these requests were to be tried but cannot: their newest preview failed."""
    tried = [each.id for each in requests if each.status is RequestStatus.IN_REVIEW and not each.is_accepted]
    return {
        request_id for request_id, glance in glances(tried).items() if glance.status is PreviewStatus.FAILED
    }
