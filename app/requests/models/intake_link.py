"""The way in for wishes of people without an account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base
from app.core.ids import uuid7
from app.projects.models import Project


class IntakeLink(Base):
    """A link by which anybody files a request in one project; a new one takes the place of the old."""

    __tablename__ = "intake_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(lazy="joined")
    made_by: Mapped[User] = relationship(lazy="joined")

    @property
    def is_open(self) -> bool:
        is_over = self.expires_at is not None and self.expires_at <= now()
        return not is_over and not self.project.is_archived
