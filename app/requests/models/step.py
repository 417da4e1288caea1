"""The small steps of a request, as somebody ticks them off."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base
from app.core.ids import uuid7
from app.requests.models.request import ProductRequest


class RequestStep(Base):
    """One step of a request: what is to be done, and who ticked it off."""

    __tablename__ = "request_steps"
    __table_args__ = (
        CheckConstraint("done_by_id IS NULL OR done_at IS NOT NULL", name="done_when"),
        Index("ix_request_steps_request_id_position", "request_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    request: Mapped[ProductRequest] = relationship()
    done_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
