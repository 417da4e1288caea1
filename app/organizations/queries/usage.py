"""What an organization used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.core.db import session
from app.organizations.models import Period, Usage


def usage_of(organization_id: UUID, start: datetime) -> Usage | None:
    """Return what is kept of an organization's month."""
    return session.scalars(
        select(Usage).where(Usage.organization_id == organization_id, Usage.period_start == start)
    ).first()


def last_weighed(organization_id: UUID, period: Period) -> Usage | None:
    """Return the newest month until a period in which an organization's files were weighed."""
    return session.scalars(
        select(Usage)
        .where(
            Usage.organization_id == organization_id,
            Usage.period_start <= period.start,
            Usage.weighed_at.is_not(None),
        )
        .order_by(Usage.period_start.desc())
        .limit(1)
    ).first()
