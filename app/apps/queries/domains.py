"""Reads of the domains of apps."""

from sqlalchemy import select

from app.apps.models import App, AppDomain, DomainStatus
from app.core.db import bare, session


def domain_of(app: App) -> AppDomain | None:
    """Return the host name of an app's own, if it has one."""
    return session.scalars(select(AppDomain).where(AppDomain.app_id == app.id)).first()


def domain_at(hostname: str) -> AppDomain | None:
    """Return the domain of this name, whosever it is."""
    return session.scalars(select(AppDomain).where(AppDomain.hostname == hostname)).first()


def active_domains(app: App) -> list[AppDomain]:
    """Return the host names that lead to an app."""
    return list(
        session.scalars(
            select(AppDomain).where(AppDomain.app_id == app.id, AppDomain.status == DomainStatus.ACTIVE)
        )
    )


def waiting_domains() -> list[AppDomain]:
    """Return the domains whose record was not seen yet, those first that were looked at longest ago."""
    return list(
        session.scalars(
            select(AppDomain)
            .where(AppDomain.status == DomainStatus.PENDING)
            .options(*bare(AppDomain.app))
            .order_by(AppDomain.checked_at.is_not(None), AppDomain.checked_at)
        )
    )


def is_served(hostname: str) -> bool:
    """Tell whether a host name is an app's own, seen to belong to whoever attached it."""
    found = select(AppDomain.id).where(
        AppDomain.hostname == hostname, AppDomain.status == DomainStatus.ACTIVE
    )
    return session.scalar(found.limit(1)) is not None
