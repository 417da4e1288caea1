"""Boards as somebody likes to look at them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base
from app.core.ids import uuid7
from app.projects.models import Project


class SavedView(Base):
    """A name for what the address of a board says: one's own, or one for everybody who sees the project."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("project_id", "owner_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)

    project: Mapped[Project] = relationship(lazy="joined")
    owner: Mapped[User] = relationship(lazy="joined")

    @property
    def path(self) -> str:
        """Return the address that it stands for."""
        return f"{self.project.path}?{self.query}"
