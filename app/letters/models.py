"""A letter, and how far it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.sealed import Sealed
from app.core.states import Stateful


class LetterKind(StrEnum):
    """What a letter is about; templates/emails has its words."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a kind of letter, not one
    NOTICE = "notice"
    TRIAL = "trial"


class LetterStatus(StrEnum):
    """How far a letter is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


S = LetterStatus
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""How long after each try in vain the next one comes; after the last there is none."""


class Letter(Stateful, Base):
    """Something to be sent to one address. What it says is sealed, and forgotten once it went or cannot."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("(status = 'waiting') = (ended_at IS NULL)", name="end"),
        CheckConstraint("(status = 'waiting') = (facts IS NOT NULL)", name="forgotten"),
        CheckConstraint("status != 'failed' OR trouble IS NOT NULL", name="reason"),
        Index("ix_letters_status_next_try_at", "status", "next_try_at"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {S.WAITING: frozenset({S.SENT, S.FAILED})}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[LetterKind] = mapped_column(enum_column(LetterKind))
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    facts: Mapped[Any | None] = mapped_column(Sealed())
    status: Mapped[LetterStatus] = mapped_column(enum_column(LetterStatus), default=S.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(Text)
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    ended_at: Mapped[datetime | None]

    def note_sent(self) -> None:
        """Say that the server has it."""
        self.move_to(S.SENT)
        self.tries += 1
        self._forget()
        self.trouble = None

    def note_trouble(self, trouble: str, *, is_final: bool) -> None:
        """Say why it did not go, and when it is tried again, if it is."""
        self.tries += 1
        self.trouble = trouble
        if is_final or self.tries > len(PAUSES):
            self.move_to(S.FAILED)
            self._forget()
        else:
            self.next_try_at = now() + PAUSES[self.tries - 1]

    def _forget(self) -> None:
        self.facts = self.next_try_at = None
        self.ended_at = now()
