"""What the inbox gives."""

from typing import Self
from uuid import UUID

from pydantic import Field

from app.notifications.models import Kind
from app.web.schemas import Moment, Paging, Schema


class InboxQuery(Paging):
    """Which notifications to list."""

    unread: bool = False
    needs_you: bool | None = None
    kind: Kind | None = None


class NotificationOut(Schema):
    """One thing that the caller was told; `path` is where it is about, on the main site."""

    id: UUID
    organization_id: UUID
    kind: str
    text: str
    path: str
    subject_id: str | None
    needs_you: bool
    created_at: Moment
    read_at: Moment | None


class ReadOut(Schema):
    """How many notifications were marked as read."""

    read: int


class Choices(Schema):
    """The kinds of which somebody wants to be told; those that ask something of them come always."""

    wanted: list[Kind] = Field(default_factory=list)


class ChoiceOut(Schema):
    """Whether the caller is told of a kind, and whether that can be chosen at all."""

    kind: Kind
    wanted: bool
    always: bool

    @classmethod
    def all_of(cls, muted: set[str]) -> list[Self]:
        """Show every kind to somebody who muted some."""
        return [cls(kind=kind, wanted=kind not in muted, always=kind.is_always_told) for kind in Kind]
