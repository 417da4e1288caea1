"""The ways by which people are told something, all of them alike: the inbox, and mail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Protocol
from uuid import UUID

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session
from app.core.installation import installation
from app.integrations.mail import is_set_up
from app.letters.models import LetterKind
from app.letters.operations import post
from app.notifications import queries
from app.notifications.models import ChannelName, Kind, Notification


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One sentence for several people: of what kind, about what, and whether it asks something of them."""

    organization_id: UUID
    kind: Kind
    text: str
    path: str
    subject_id: str | None
    needs_you: bool


_SAID = tuple(field.name for field in fields(Notice))


class Channel(Protocol):
    """A way by which somebody is told."""

    @property
    def name(self) -> ChannelName:
        """Return what choices are kept by."""

    @property
    def is_open(self) -> bool:
        """Tell whether this installation has this way."""

    def tell(self, notice: Notice, people: Collection[User]) -> None:
        """Tell each of these people, inside the transaction of what the notice is about."""


class Inbox:
    """What is read here: of one thing only the latest news, until somebody read it."""

    name = ChannelName.INBOX
    is_open = True

    def tell(self, notice: Notice, people: Collection[User]) -> None:
        said = {field: getattr(notice, field) for field in _SAID}
        unread = self._unread_before(notice, people)
        for person in people:
            latest, *older = unread.get(person.id) or [Notification(user_id=person.id)]
            for name, value in said.items():
                setattr(latest, name, value)
            latest.created_at = now()
            session.add(latest)
            for each in older:
                session.delete(each)
            changed(f"inbox:{person.id}")

    def _unread_before(
        self, notice: Notice, people: Collection[User]
    ) -> Mapping[UUID, Sequence[Notification]]:
        if notice.subject_id is None or not notice.kind.is_news:
            return {}
        return queries.unread_news(notice.subject_id, [person.id for person in people])


class ByMail:
    """What is read elsewhere, where mail is set up and somebody reads it."""

    name = ChannelName.MAIL

    @property
    def is_open(self) -> bool:
        return is_set_up()

    def tell(self, notice: Notice, people: Collection[User]) -> None:
        site = installation().url
        for person in people:
            if person.is_active and not person.is_sample:
                post(
                    LetterKind.NOTICE,
                    to=person.email,
                    text=notice.text,
                    url=f"{site}{notice.path}",
                    choices=f"{site}/profile/notifications",
                )


_EVERY: tuple[Channel, ...] = (Inbox(), ByMail())


def open_channels() -> list[Channel]:
    """Return the ways that this installation has."""
    return [channel for channel in _EVERY if channel.is_open]
