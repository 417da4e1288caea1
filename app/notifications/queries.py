"""A person's inbox."""

from uuid import UUID

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.core.db import session
from app.notifications.models import Notification


def notifications_of(user: User, *, unread: bool = False) -> Select[Notification]:
    query = (
        select(Notification)
        .where(Notification.user_id == user.id)
        .order_by(Notification.created_at.desc(), Notification.id.desc())
    )
    if user.confined_to is not None:
        query = query.where(Notification.organization_id == user.confined_to)
    return query.where(Notification.read_at.is_(None)) if unread else query


def notification_of(user: User, notification_id: UUID) -> Select[Notification]:
    return notifications_of(user).where(Notification.id == notification_id)


def needing(user: User) -> list[Notification]:
    """Return what needs a person, longest waiting last; it leaves when it is done, not when it was read."""
    return list(session.scalars(notifications_of(user).where(Notification.needs_you.is_(True)).limit(100)))


def for_information(user: User) -> Select[Notification]:
    """Return what a person was told that asks nothing of them, newest first."""
    return notifications_of(user).where(Notification.needs_you.is_(False))


def told_of(subject_id: object, kind: str) -> set[UUID]:
    """Return who was told something of a kind about a subject."""
    query = select(Notification.user_id).where(
        Notification.subject_id == str(subject_id), Notification.kind == kind
    )
    return set(session.scalars(query))


def unread_count(user: User) -> int:
    query = notifications_of(user, unread=True).order_by(None)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
