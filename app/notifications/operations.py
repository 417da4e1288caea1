"""Telling people, and hearing that they read it."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, or_, update

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.notifications import queries
from app.notifications.models import Kind, MutedKind, Notification
from app.organizations.events import MemberJoined
from app.organizations.models import JoinLink


def tell(
    people: Iterable[User],
    *,
    organization_id: UUID,
    kind: Kind,
    text: str,
    path: str,
    subject_id: object = None,
    needs_you: bool = False,
    but: User | None = None,
) -> None:
    """Put one sentence into each person's inbox, once each, except into that of who caused it.

    Who muted the kind is spared, unless it needs them.
    """
    told = {person.id for person in people} - ({but.id} if but is not None else set())
    with transaction():
        for user_id in told if needs_you else told - queries.who_muted(kind, told):
            session.add(
                Notification(
                    user_id=user_id,
                    organization_id=organization_id,
                    kind=kind,
                    text=text,
                    path=path,
                    subject_id=str(subject_id) if subject_id is not None else None,
                    needs_you=needs_you,
                )
            )
            changed(f"inbox:{user_id}")


def settle(subject_id: object) -> None:
    """Take "needs you" off everything said about a subject: it was done, by whomever."""
    with transaction():
        session.execute(
            update(Notification)
            .where(Notification.subject_id == str(subject_id), Notification.needs_you.is_(True))
            .values(needs_you=False)
        )


def forget(path: str) -> None:
    """Take back what was said about something that is no longer there, and about what lay below it."""
    gone = or_(Notification.path == path, Notification.path.startswith(f"{path}/", autoescape=True))
    with transaction():
        session.execute(delete(Notification).where(gone))


def tell_of_joining(fact: MemberJoined) -> None:
    """Tell whoever invited somebody that they came."""
    place = fact.membership.organization
    way = fact.invitation
    let_in_by = way.made_by if isinstance(way, JoinLink) else way.invited_by
    tell(
        [let_in_by] if let_in_by is not None else [],
        organization_id=place.id,
        kind=Kind.JOINED,
        text=f"{fact.user.name} came by your invitation to {place.name}.",
        path=f"/{place.slug}/members",
        but=fact.user,
    )


def choose(user: User, *, wanted: Collection[Kind]) -> None:
    """Say of what a person wants to be told; what asks something of them they are told always."""
    muted = [kind for kind in Kind if not kind.is_always_told and kind not in wanted]
    with transaction():
        session.execute(delete(MutedKind).where(MutedKind.user_id == user.id))
        session.add_all(MutedKind(user_id=user.id, kind=kind) for kind in muted)


def mark_read(notification: Notification) -> None:
    with transaction():
        notification.read_at = notification.read_at or now()


def mark_all_read(user: User) -> int:
    """Mark a person's whole inbox as read; returns how many there were."""
    with transaction():
        unread = update(Notification).where(Notification.user_id == user.id, Notification.read_at.is_(None))
        if user.confined_to is not None:
            unread = unread.where(Notification.organization_id == user.confined_to)
        return session.execute(unread.values(read_at=now())).rowcount  # type: ignore[attr-defined,no-any-return]
