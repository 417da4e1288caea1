"""What happened to a request."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.requests.models.states import ActivityType

if TYPE_CHECKING:
    from app.requests.models.request import ProductRequest


class Activity(Base):
    """One thing that happened to a request: who, when, what; a comment is one of them."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_request_id_id", "request_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    type: Mapped[ActivityType] = mapped_column(enum_column(ActivityType))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    actor: Mapped[User | None] = relationship(lazy="joined")
    request: Mapped["ProductRequest"] = relationship(lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def path(self) -> str:
        """Return the address of where it stands on the request's page."""
        return f"{self.request.path}#entry-{self.id}"
