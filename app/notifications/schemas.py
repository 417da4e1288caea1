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
    """The kinds of which somebody wants to be told; those that ask something of them come always.

    `mailed` are those that are sent by mail as well; without it that stays as it is.
    """

    wanted: list[Kind] = Field(default_factory=list)
    mailed: list[Kind] | None = None


class ChoicesForm(Schema):
    """The same on the page, where a box that is not ticked is not sent."""

    wanted: list[Kind] = Field(default_factory=list)
    mailed: list[Kind] = Field(default_factory=list)


class ChoiceOut(Schema):
    """Whether the caller is told of a kind, in the inbox and by mail, and whether the first can be chosen."""

    kind: Kind
    wanted: bool
    always: bool
    mailed: bool

    @classmethod
    def all_of(cls, wanted: set[Kind], mailed: set[Kind]) -> list[Self]:
        """Show every kind to somebody who is told of some."""
        return [
            cls(kind=kind, wanted=kind in wanted, always=kind.is_always_told, mailed=kind in mailed)
            for kind in Kind
        ]
