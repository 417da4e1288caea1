"""Deploys: what was put live of an app, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.apps.models.app import App
from app.apps.models.build import Build, BuildStatus
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import prefixed
from app.core.installation import installation
from app.core.states import Stateful


class DeployStatus(StrEnum):
    """Where a deploy stands; `live` is at most one of an app."""

    QUEUED = "queued"
    BUILDING = "building"
    STARTING = "starting"
    LIVE = "live"
    REPLACED = "replaced"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeployTrigger(StrEnum):
    """What asked for a deploy."""

    MANUAL = "manual"
    AUTO = "auto"
    ROLLBACK = "rollback"


class DeployPhase(StrEnum):
    """Where a deploy stands, as programs are told."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = DeployStatus
PHASES = {
    S.QUEUED: DeployPhase.PENDING,
    S.BUILDING: DeployPhase.RUNNING,
    S.STARTING: DeployPhase.RUNNING,
    S.LIVE: DeployPhase.COMPLETED,
    S.REPLACED: DeployPhase.COMPLETED,
    S.FAILED: DeployPhase.FAILED,
    S.CANCELLED: DeployPhase.CANCELLED,
}
ON_THE_WAY = (S.QUEUED, S.BUILDING, S.STARTING)
_BAD_ENDS = frozenset({S.FAILED, S.CANCELLED})


class Deploy(Stateful, Base):
    """One commit of an app, put live as a build left it; what was live before builds were kept has none."""

    __tablename__ = "deploys"
    __table_args__ = (
        CheckConstraint("status != 'live' OR live_at IS NOT NULL", name="live_when"),
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        Index("ix_deploys_app_id_created_at", "app_id", "created_at"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        S.QUEUED: frozenset({S.BUILDING, S.STARTING}) | _BAD_ENDS,
        S.BUILDING: frozenset({S.BUILDING, S.STARTING}) | _BAD_ENDS,
        S.STARTING: frozenset({S.BUILDING, S.STARTING, S.LIVE}) | _BAD_ENDS,
        S.LIVE: frozenset({S.REPLACED, S.FAILED}),
    }

    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=lambda: prefixed("dpl"))
    app_id: Mapped[str] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"))
    status: Mapped[DeployStatus] = mapped_column(enum_column(DeployStatus), default=DeployStatus.QUEUED)
    build_id: Mapped[str | None] = mapped_column(ForeignKey("builds.id", ondelete="SET NULL"), index=True)
    trigger: Mapped[DeployTrigger] = mapped_column(
        enum_column(DeployTrigger), default=DeployTrigger.MANUAL, server_default="manual"
    )
    commit_sha: Mapped[str] = mapped_column(String(64))
    plan: Mapped[dict[str, Any] | None]
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    app: Mapped[App] = relationship(lazy="joined")
    build: Mapped[Build | None] = relationship(lazy="joined")
    started_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[started_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def name(self) -> str:
        """Return what its folder, its process and its log are called."""
        return self.id.replace("_", "-")

    @property
    def phase(self) -> DeployPhase:
        return PHASES[self.status]

    @property
    def log_path(self) -> Path:
        return installation().folder("logs") / "app" / f"{self.name}.log"

    @property
    def log_now(self) -> Path:
        """Return the log of what it does: its build's as long as that is made, and where that went wrong."""
        is_built = self.build is None or self.build.status is BuildStatus.COMPLETED
        return self.log_path if self.build is None or is_built else self.build.log_path

    @property
    def why_read_only(self) -> str | None:
        """Say why nothing of it can be changed; None while it can."""
        return self.app.why_read_only

    @property
    def is_on_the_way(self) -> bool:
        return self.status in ON_THE_WAY
