"""The demo of an organization, and how far it is made."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.states import Stateful
from app.organizations.models import Organization


class DemoStatus(StrEnum):
    """Where a demo stands; one that was taken away leaves no row."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    LEAVING = "leaving"


D = DemoStatus


class Demo(Stateful, Base):
    """The sample project of an organization; `played` says of each story which request it is and how far.

    `labels` are those that were made for it.
    """

    __tablename__ = "demos"
    __table_args__ = (CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),)
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        D.MAKING: frozenset({D.READY, D.FAILED, D.LEAVING}),
        D.READY: frozenset({D.LEAVING}),
        D.FAILED: frozenset({D.MAKING, D.LEAVING}),
        D.LEAVING: frozenset({D.FAILED}),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), unique=True
    )
    by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    status: Mapped[DemoStatus] = mapped_column(enum_column(DemoStatus), default=DemoStatus.MAKING)
    played: Mapped[dict[str, Any]] = mapped_column(default=dict)
    labels: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="joined")
    by: Mapped[User] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_moving(self) -> bool:
        return self.status in {DemoStatus.MAKING, DemoStatus.LEAVING}

    def request_id(self, key: str) -> UUID | None:
        """Return which request a story became."""
        return UUID(self.played[key]["request"]) if key in self.played else None

    def steps_done(self, key: str) -> int:
        return int(self.played[key]["steps"])

    def note(self, key: str, *, request_id: UUID, steps: int) -> None:
        """Write down how far a story is."""
        self.played = {**self.played, key: {"request": str(request_id), "steps": steps}}
