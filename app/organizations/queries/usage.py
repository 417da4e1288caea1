"""What an organization used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.core.db import session
from app.organizations.models import Period, TokensSetAside, Usage


def usage_of(organization_id: UUID, start: datetime) -> Usage | None:
    """Return what is kept of an organization's month."""
    return session.scalars(
        select(Usage).where(Usage.organization_id == organization_id, Usage.period_start == start)
    ).first()


def tokens_used(organization_id: UUID, start: datetime) -> int:
    """Return what language models used in an organization's month."""
    used = select(Usage.token_usage).where(
        Usage.organization_id == organization_id, Usage.period_start == start
    )
    return session.scalar(used) or 0


def tokens_aside(organization_id: UUID, moment: datetime) -> int:
    """Return what is set aside for the askings of a moment."""
    aside = select(func.sum(TokensSetAside.tokens)).where(
        TokensSetAside.organization_id == organization_id, TokensSetAside.until >= moment
    )
    return int(session.scalar(aside) or 0)


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
