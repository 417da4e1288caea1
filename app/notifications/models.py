"""What somebody was told, and what they do not want to be told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base
from app.core.ids import uuid7


class ChannelName(StrEnum):
    """By which way somebody is told."""

    INBOX = "inbox"
    MAIL = "mail"


class Kind(StrEnum):
    """What a notification is about."""

    ASKED = "asked"
    PREVIEW_READY = "preview_ready"
    READY_TO_BUILD = "complete_interview"
    NEEDS_YES = "allow_development"
    CHANGE_ASKED = "request_changes"
    ACCEPTED = "approve"
    DEVELOPMENT_FAILED = "development_failed"
    PREVIEW_FAILED = "preview_failed"
    DEPLOY_FAILED = "deploy_failed"
    GUEST = "guest"
    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    COMMENTED = "commented"
    LINE_COMMENT = "line_comment"
    SAID_YES = "said_yes"
    WAIT_OVER = "wait_over"
    MOVED = "moved"
    NOT_MERGED = "close_pr"
    MERGED = "merge"
    LIVE = "live"
    DROPPED = "cancel"
    JOINED = "joined"
    FAILING_WORK = "failing_work"

    @property
    def is_always_told(self) -> bool:
        """Tell whether this asks something of whoever is told, so that nobody can do without it."""
        return self in _ALWAYS_TOLD

    @property
    def is_news(self) -> bool:
        """Tell whether what comes later about the same thing makes this old, so that only that is kept."""
        return self not in _LASTING

    def is_told_by(self, channel: ChannelName) -> bool:
        """Tell whether who chose nothing is told of it by this way: by mail only of what asks for them."""
        return channel is ChannelName.INBOX or self.is_always_told or self is Kind.ASSIGNED


_ALWAYS_TOLD = frozenset(
    {
        *(Kind.ASKED, Kind.PREVIEW_READY, Kind.READY_TO_BUILD, Kind.NEEDS_YES, Kind.CHANGE_ASKED),
        *(Kind.ACCEPTED, Kind.DEVELOPMENT_FAILED, Kind.PREVIEW_FAILED, Kind.DEPLOY_FAILED),
        Kind.GUEST,
    }
)


_LASTING = frozenset(
    {
        *(Kind.ASKED, Kind.MENTIONED, Kind.LINE_COMMENT, Kind.ASSIGNED, Kind.GUEST),
        *(Kind.JOINED, Kind.DEPLOY_FAILED, Kind.FAILING_WORK),
    }
)
"""What is said to one in person, or not about the road of a request."""


class NotificationChoice(Base):
    """That a person wants to be told of a kind by a channel, or does not, where that is not the usual."""

    __tablename__ = "notification_choices"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    wanted: Mapped[bool]


class Notification(Base):
    """One thing that one person was told."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_user_id_read_at", "user_id", "read_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(300))
    subject_id: Mapped[str | None] = mapped_column(String(64), index=True)
    needs_you: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
