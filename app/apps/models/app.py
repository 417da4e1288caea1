"""Apps: what a project serves, each at an address of its own and with a repository behind it."""

from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import prefixed
from app.core.installation import installation
from app.engine import routes
from app.projects.models import Project


class AppStatus(StrEnum):
    """Whether anything of an app is live."""

    DRAFT = "draft"
    LIVE = "live"


class RetentionTier(StrEnum):
    """How long a deleted app can be taken back."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"
    NONE = "none"

    @property
    def time(self) -> timedelta | None:
        """Return how long that is; None is for good."""
        days = {RetentionTier.SHORT: 7, RetentionTier.MEDIUM: 30, RetentionTier.LONG: 90}.get(self)
        return timedelta(days=days) if days else None


class App(Base):
    """Something a project serves at an address of its own.

    A project's first app is the project's own repository; each further one has one to itself. A deleted app
    keeps its handle until it is purged, so that it can be taken back.
    """

    __tablename__ = "apps"
    __table_args__ = (
        CheckConstraint("purge_at IS NULL OR deleted_at IS NOT NULL", name="purged_after_deleted"),
        CheckConstraint("retention_tier IS NULL OR deleted_at IS NOT NULL", name="retained_since_deleted"),
        Index("ix_apps_purge_at", "purge_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=lambda: prefixed("app"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    handle: Mapped[str] = mapped_column(String(63), unique=True)
    is_public: Mapped[bool] = mapped_column(default=False)
    config: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    default_version_id: Mapped[str | None] = mapped_column(String(40))
    live_deploy_id: Mapped[str | None] = mapped_column(String(40))
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    api_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_keys.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]
    retention_tier: Mapped[RetentionTier | None] = mapped_column(enum_column(RetentionTier))
    purge_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(lazy="joined")
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])

    @property
    def status(self) -> AppStatus:
        return AppStatus.DRAFT if self.live_deploy_id is None else AppStatus.LIVE

    @property
    def access(self) -> str:
        """Say who may open its addresses, as a route keeps it."""
        return "public" if self.is_public else "private"

    @property
    def builds_by_itself(self) -> bool:
        """Whether what is pushed to, or saved in, one of its versions is built at once."""
        return bool(self.config.get("autoBuild"))

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_first(self) -> bool:
        """Whether this is the project's own repository."""
        return self.project.app_id == self.id

    @property
    def why_read_only(self) -> str | None:
        """Say why nothing of it can be changed; None while it can."""
        if self.is_deleted:
            return f"{self.name} is deleted. Take it back first, then change it."
        return self.project.why_read_only

    @property
    def repository_path(self) -> Path:
        if self.is_first:
            return self.project.repository_path
        return installation().repositories / f"{self.id}.git"

    @property
    def path(self) -> str:
        """Return the address of its page, on the main site."""
        return f"{self.project.path}/apps/{self.id}"

    @property
    def clone_url(self) -> str:
        """Return where git finds it."""
        return self.project.clone_url if self.is_first else f"{installation().url}{self.path}.git"

    @property
    def url(self) -> str:
        return routes.address_of(self.handle)
