"""A person's inbox."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Select, cast, func, select

from app.accounts.models import User
from app.core.db import session
from app.notifications.models import ChannelName, Kind, Notification, NotificationChoice


def notifications_of(
    user: User, *, unread: bool = False, needs_you: bool | None = None, kind: Kind | None = None
) -> Select[Notification]:
    """Return what a person was told, newest first; through a key, only of its own organization."""
    query = (
        select(Notification)
        .where(Notification.user_id == user.id)
        .order_by(Notification.created_at.desc(), Notification.id.desc())
    )
    if user.confined_to is not None:
        query = query.where(Notification.organization_id == user.confined_to)
    if needs_you is not None:
        query = query.where(Notification.needs_you.is_(needs_you))
    if kind is not None:
        query = query.where(Notification.kind == kind)
    return query.where(Notification.read_at.is_(None)) if unread else query


def notification_of(user: User, notification_id: UUID) -> Select[Notification]:
    return notifications_of(user).where(Notification.id == notification_id)


def needing(user: User) -> list[Notification]:
    """Return what needs a person, longest waiting last; it leaves when it is done, not when it was read."""
    return list(session.scalars(notifications_of(user, needs_you=True).limit(100)))


def was_told(kind: Kind, subject_id: str, *, since: datetime) -> bool:
    """Tell whether anybody was told this of a subject since a moment."""
    told = select(Notification.id).where(
        Notification.kind == kind, Notification.subject_id == subject_id, Notification.created_at >= since
    )
    return session.scalar(told.limit(1)) is not None


def told_of(subject_id: object, kind: str) -> set[UUID]:
    """Return who was told something of a kind about a subject."""
    query = select(Notification.user_id).where(
        Notification.subject_id == str(subject_id), Notification.kind == kind
    )
    return set(session.scalars(query))


def unread_news(subject_id: str, user_ids: Collection[UUID]) -> dict[UUID, list[Notification]]:
    """Return what these people were told of a subject, and neither read nor have to do, newest first."""
    query = (
        select(Notification)
        .where(
            Notification.subject_id == subject_id,
            Notification.user_id.in_(user_ids),
            Notification.read_at.is_(None),
            Notification.needs_you.is_(False),
            Notification.kind.in_([kind for kind in Kind if kind.is_news]),
        )
        .order_by(Notification.created_at.desc(), Notification.id.desc())
    )
    found: dict[UUID, list[Notification]] = {}
    for each in session.scalars(query):
        found.setdefault(each.user_id, []).append(each)
    return found


def unread_count(user: User) -> int:
    query = notifications_of(user, unread=True).order_by(None)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def counts_of(user: User) -> dict[str, int]:
    """Return how much there is in a person's inbox: in all, what needs them, and what they have not read."""
    told = notifications_of(user).order_by(None).subquery()
    needs, unread = func.sum(cast(told.c.needs_you, Integer)), func.count() - func.count(told.c.read_at)
    found = session.execute(select(func.count(), needs, unread).select_from(told)).one()
    return {"all": found[0], "needs-you": found[1] or 0, "unread": found[2]}


def wanted_by(user: User, channel: ChannelName) -> set[Kind]:
    """Return the kinds of which a person is told by a channel."""
    chosen = select(NotificationChoice.kind, NotificationChoice.wanted).where(
        NotificationChoice.user_id == user.id, NotificationChoice.channel == channel
    )
    choices = {choice.kind: choice.wanted for choice in session.execute(chosen)}
    return {kind for kind in Kind if choices.get(kind, kind.is_told_by(channel))}


def who_wants(kind: Kind, channel: ChannelName, user_ids: Collection[UUID]) -> set[UUID]:
    """Return who of these people is told of a kind by a channel."""
    chosen = select(NotificationChoice.user_id).where(
        NotificationChoice.kind == kind,
        NotificationChoice.channel == channel,
        NotificationChoice.user_id.in_(user_ids),
    )
    if kind.is_told_by(channel):
        return set(user_ids) - set(session.scalars(chosen.where(NotificationChoice.wanted.is_(False))))
    return set(session.scalars(chosen.where(NotificationChoice.wanted.is_(True))))
