"""Versions of apps: each is a branch of its app's repository."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.apps.models.app import App
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import prefixed

BRANCHES = "versions/"  # what the branches of forks are called by


class VersionStatus(StrEnum):
    """Whether the files of a version are there."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class AppVersion(Base):
    """A line of an app's work: its name may change, its branch does not."""

    __tablename__ = "app_versions"
    __table_args__ = (
        CheckConstraint("status != 'failed' OR error IS NOT NULL", name="failed_why"),
        Index("uq_app_versions_app_id_branch", "app_id", "branch", unique=True),
        Index("ix_app_versions_parent_id", "parent_id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=lambda: prefixed("appver"))
    app_id: Mapped[str] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    branch: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("app_versions.id", ondelete="SET NULL"))
    status: Mapped[VersionStatus] = mapped_column(enum_column(VersionStatus), default=VersionStatus.READY)
    error: Mapped[str | None] = mapped_column(Text)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    app: Mapped[App] = relationship(lazy="joined")
    parent: Mapped["AppVersion | None"] = relationship(remote_side="AppVersion.id")
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def why_read_only(self) -> str | None:
        """Say why nothing of it can be changed; None while it can."""
        if self.is_deleted:
            return f"{self.name} is deleted. Take it back first, then change it."
        return self.app.why_read_only

    @property
    def is_default(self) -> bool:
        return self.app.default_version_id == self.id

    @property
    def path(self) -> str:
        """Return the address of its page, on the main site."""
        return f"{self.app.path}/versions/{self.id}"
