"""What was delivered by a webhook, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.states import Stateful


class Sender(StrEnum):
    """Who tells us of something."""

    GITHUB = "github"
    VERCEL = "vercel"
    CURSOR = "cursor"

    @property
    def brand(self) -> str:
        """Return how it writes its own name."""
        return {"github": "GitHub", "vercel": "Vercel", "cursor": "Cursor"}[self.value]


class DeliveryStatus(StrEnum):
    """How far a delivery is; any but the first has an outcome."""

    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"
    FAILED = "failed"


S = DeliveryStatus
_OVER = frozenset({S.DONE, S.IGNORED, S.FAILED})


class WebhookDelivery(Stateful, Base):
    """One delivery: what it said, as it came, and what came of it. Its signature and secret are not kept."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("sender", "delivery_id"),
        CheckConstraint("(status = 'waiting') = (outcome IS NULL)", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (worked_at IS NULL)", name="worked_when"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        S.WAITING: _OVER,
        **dict.fromkeys(_OVER, frozenset({S.WAITING})),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    sender: Mapped[Sender] = mapped_column(enum_column(Sender))
    delivery_id: Mapped[str] = mapped_column(String(200))
    event: Mapped[str] = mapped_column(String(100))
    headers: Mapped[dict[str, Any]]
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[DeliveryStatus] = mapped_column(enum_column(DeliveryStatus), default=S.WAITING)
    outcome: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(default=now, index=True)
    worked_at: Mapped[datetime | None]

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"/admin/deliveries/{self.id}"

    def end(self, status: DeliveryStatus, outcome: str) -> None:
        """Say what came of it."""
        self.move_to(status)
        self.outcome, self.worked_at = outcome, now()

    def begin_anew(self) -> None:
        """Let it be worked on once more."""
        self.move_to(S.WAITING)
        self.outcome = self.worked_at = None
