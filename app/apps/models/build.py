"""A version of an app turned into something that can be served."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.apps.models.app import App
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import prefixed
from app.core.installation import installation
from app.core.sealed import Sealed
from app.core.states import Stateful


class BuildStatus(StrEnum):
    """Where a build stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BuildTrigger(StrEnum):
    """What asked for a build: a person, something that came to a branch, or a deploy that needs it again."""

    MANUAL = "manual"
    AUTO = "auto"
    REDEPLOY = "redeploy"


B = BuildStatus
UNBUILT = (B.PENDING, B.RUNNING)
_BAD_ENDS = frozenset({B.FAILED, B.CANCELLED})


class Build(Stateful, Base):
    """One commit of an app, built with the environment of that moment; `artifact` is what it left."""

    __tablename__ = "builds"
    __table_args__ = (
        UniqueConstraint("app_id", "number"),
        CheckConstraint("status != 'completed' OR ended_at IS NOT NULL", name="completed_when"),
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        Index("ix_builds_app_id_created_at", "app_id", "created_at"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        B.PENDING: frozenset({B.RUNNING}) | _BAD_ENDS,
        B.RUNNING: frozenset({B.RUNNING, B.COMPLETED}) | _BAD_ENDS,
    }

    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=lambda: prefixed("bld"))
    app_id: Mapped[str] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"))
    app_version_id: Mapped[str | None] = mapped_column(ForeignKey("app_versions.id", ondelete="SET NULL"))
    number: Mapped[int]
    status: Mapped[BuildStatus] = mapped_column(enum_column(BuildStatus), default=BuildStatus.PENDING)
    trigger: Mapped[BuildTrigger] = mapped_column(enum_column(BuildTrigger), default=BuildTrigger.MANUAL)
    commit_sha: Mapped[str] = mapped_column(String(64))
    env: Mapped[dict[str, Any] | None] = mapped_column(Sealed)
    plan: Mapped[dict[str, Any] | None]
    built: Mapped[dict[str, Any] | None]
    artifact: Mapped[str | None] = mapped_column(String(64), index=True)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    typical_ms: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    app: Mapped[App] = relationship()
    started_by: Mapped[User | None] = relationship(foreign_keys=[started_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def name(self) -> str:
        """Return what its folder and its log are called."""
        return self.id.replace("_", "-")

    @property
    def folder(self) -> Path:
        return installation().checkouts / self.name

    @property
    def log_path(self) -> Path:
        return installation().folder("logs") / "build" / f"{self.name}.log"

    @property
    def why_read_only(self) -> str | None:
        """Say why nothing of it can be changed; None while it can."""
        return self.app.why_read_only

    @property
    def is_on_the_way(self) -> bool:
        return self.status in UNBUILT

    @property
    def duration_ms(self) -> int | None:
        """Return how long it was worked on; None as long as that is not known."""
        if self.started_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.started_at).total_seconds() * 1000)

    @property
    def variables(self) -> dict[str, str]:
        """Return the plain variables that it was built with."""
        return {name: each["value"] for name, each in (self.env or {}).items() if not each["secret"]}

    @property
    def secrets(self) -> dict[str, str]:
        """Return the secret variables that it was built with."""
        return {name: each["value"] for name, each in (self.env or {}).items() if each["secret"]}
