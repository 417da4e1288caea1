"""The ways by which people are told something, all of them alike: the inbox, and mail."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session
from app.core.installation import installation
from app.integrations.mail import is_set_up
from app.letters.models import LetterKind
from app.letters.operations import post
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
    """What is read here."""

    name = ChannelName.INBOX
    is_open = True

    def tell(self, notice: Notice, people: Collection[User]) -> None:
        for person in people:
            session.add(
                Notification(
                    user_id=person.id,
                    organization_id=notice.organization_id,
                    kind=notice.kind,
                    text=notice.text,
                    path=notice.path,
                    subject_id=notice.subject_id,
                    needs_you=notice.needs_you,
                )
            )
            changed(f"inbox:{person.id}")


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
