"""The audit log, read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from app.core.audit import AuditEntry
from app.core.db import session
from app.organizations.models import Organization

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class AuditFilters:
    """Which lines of the log: by whom, of what kind, of which organization, from which day to which."""

    person: str = ""
    act: str = ""
    organization_id: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Told:
    """A line of the log, and what its organization is called today."""

    entry: AuditEntry
    organization: str | None


def audit_log(filters: AuditFilters, *, before: AuditEntry | None = None) -> Select[AuditEntry, str]:
    """Return the lines of the log, newest first, from just before the one that was seen last."""
    query = (
        select(AuditEntry, Organization.name)
        .outerjoin(Organization, Organization.id == AuditEntry.organization_id)
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
    )
    if before is not None:
        same = and_(AuditEntry.created_at == before.created_at, AuditEntry.id < before.id)
        query = query.where(or_(AuditEntry.created_at < before.created_at, same))
    if filters.organization_id is not None:
        query = query.where(AuditEntry.organization_id == filters.organization_id)
    if filters.act:
        query = query.where(AuditEntry.act == filters.act)
    if filters.person:
        columns = (AuditEntry.actor_name, AuditEntry.actor_email, AuditEntry.subject)
        query = query.where(or_(*(each.icontains(filters.person, autoescape=True) for each in columns)))
    if filters.since is not None:
        query = query.where(AuditEntry.created_at >= _midnight(filters.since))
    if filters.until is not None:
        query = query.where(AuditEntry.created_at < _midnight(filters.until + timedelta(days=1)))
    return query


def line(line_id: UUID) -> AuditEntry | None:
    """Return the line that was seen last, while the log remembers it."""
    return session.get(AuditEntry, line_id)


def told(filters: AuditFilters, *, before: AuditEntry | None = None, most: int) -> list[Told]:
    """Return at most so many lines."""
    return [Told(*row) for row in session.execute(audit_log(filters, before=before).limit(most))]


def all_told(filters: AuditFilters) -> Iterator[Told]:
    """Return every line, a batch at a time, so that a long log needs no more memory than a short one."""
    before = None
    while batch := told(filters, before=before, most=BATCH):
        yield from batch
        before = batch[-1].entry
        for each in batch:
            session.expunge(each.entry)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def acts_told(organization_id: UUID | None = None) -> list[str]:
    """Return what kinds of lines the log holds, to choose from."""
    query = select(AuditEntry.act).distinct().order_by(AuditEntry.act)
    if organization_id is not None:
        query = query.where(AuditEntry.organization_id == organization_id)
    return list(session.scalars(query))
