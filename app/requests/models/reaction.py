"""Reactions: what somebody says of a request or a comment without words."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7


class ReactionKind(StrEnum):
    """What can be said without words."""

    THUMBS_UP = "thumbs_up"
    HEART = "heart"
    CELEBRATE = "celebrate"
    LAUGH = "laugh"
    CONFUSED = "confused"
    EYES = "eyes"

    @property
    def emoji(self) -> str:
        return _EMOJI[self]


_EMOJI = {
    ReactionKind.THUMBS_UP: "👍",
    ReactionKind.HEART: "❤️",
    ReactionKind.CELEBRATE: "🎉",
    ReactionKind.LAUGH: "😄",
    ReactionKind.CONFUSED: "😕",
    ReactionKind.EYES: "👀",
}


class Reaction(Base):
    """One person's reaction to a comment, or to the request itself where it names none."""

    __tablename__ = "reactions"
    __table_args__ = (
        UniqueConstraint("activity_id", "user_id", "kind"),
        Index(
            "uq_reactions_to_requests",
            "request_id",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=text("activity_id IS NULL"),
            postgresql_where=text("activity_id IS NULL"),
        ),
        Index("ix_reactions_request_id", "request_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[ReactionKind] = mapped_column(enum_column(ReactionKind))
    created_at: Mapped[datetime] = mapped_column(default=now)
