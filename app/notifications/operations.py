"""Telling people, and hearing that they read it."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, or_, update

from app.accounts.models import User
from app.core.clock import now
from app.core.db import session, transaction
from app.notifications import queries
from app.notifications.channels import Notice, open_channels
from app.notifications.models import ChannelName, Kind, Notification, NotificationChoice
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
    """Tell each of these people one sentence, once, by every channel they want it by, but not who caused it.

    In the inbox there is always what needs somebody, whatever they chose.
    """
    told = {person.id: person for person in people if but is None or person.id != but.id}
    notice = Notice(
        organization_id=organization_id,
        kind=kind,
        text=text,
        path=path,
        subject_id=str(subject_id) if subject_id is not None else None,
        needs_you=needs_you,
    )
    with transaction():
        for channel in open_channels():
            is_certain = needs_you and channel.name is ChannelName.INBOX
            wanted = set(told) if is_certain else queries.who_wants(kind, channel.name, told)
            channel.tell(notice, [person for each, person in told.items() if each in wanted])


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


def choose(user: User, *, wanted: Collection[Kind], channel: ChannelName = ChannelName.INBOX) -> None:
    """Say of what a person wants to be told by a channel; in the inbox, what asks something of them stays."""
    is_inbox = channel is ChannelName.INBOX
    differing = [
        NotificationChoice(user_id=user.id, channel=channel, kind=kind, wanted=kind in wanted)
        for kind in Kind
        if (kind in wanted) != kind.is_told_by(channel) and not (is_inbox and kind.is_always_told)
    ]
    with transaction():
        session.execute(
            delete(NotificationChoice).where(
                NotificationChoice.user_id == user.id, NotificationChoice.channel == channel
            )
        )
        session.add_all(differing)


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
