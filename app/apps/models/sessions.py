"""Preview sessions: a version that runs while somebody edits it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.apps.models.version import AppVersion
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import prefixed
from app.core.installation import installation
from app.core.states import Stateful
from app.engine import routes

SILENCE = timedelta(seconds=90)  # so long without a beat, and nobody is there any more


class SessionStatus(StrEnum):
    """Where a preview session stands."""

    HYDRATING = "hydrating"
    INSTALLING = "installing"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


S = SessionStatus
SESSION_ON_THE_WAY = (S.HYDRATING, S.INSTALLING, S.STARTING)
SESSION_OPEN = (*SESSION_ON_THE_WAY, S.READY)
_ENDS = frozenset({S.FAILED, S.STOPPED})
_IS_OPEN = text("status IN ('hydrating', 'installing', 'starting', 'ready')")


class AppPreviewSession(Stateful, Base):
    """A version of an app, running, with what is saved to it written into its files at once."""

    __tablename__ = "app_preview_sessions"
    __table_args__ = (
        CheckConstraint("status != 'ready' OR ready_at IS NOT NULL", name="ready_when"),
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        CheckConstraint("(status IN ('failed', 'stopped')) = (stopped_at IS NOT NULL)", name="end"),
        Index(
            "uq_app_preview_sessions_open",
            "app_version_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_app_preview_sessions_status_last_heartbeat_at", "status", "last_heartbeat_at"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        S.HYDRATING: frozenset({S.HYDRATING, S.INSTALLING}) | _ENDS,
        S.INSTALLING: frozenset({S.HYDRATING, S.STARTING}) | _ENDS,
        S.STARTING: frozenset({S.HYDRATING, S.READY}) | _ENDS,
        S.READY: frozenset({S.HYDRATING}) | _ENDS,
    }

    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=lambda: prefixed("appprv"))
    app_id: Mapped[str] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"), index=True)
    app_version_id: Mapped[str] = mapped_column(ForeignKey("app_versions.id", ondelete="CASCADE"), index=True)
    status: Mapped[SessionStatus] = mapped_column(enum_column(SessionStatus), default=SessionStatus.HYDRATING)
    label: Mapped[str] = mapped_column(String(80), unique=True)
    commit_sha: Mapped[str | None] = mapped_column(String(64))  # what lies in its folder
    plan: Mapped[dict[str, Any] | None]
    has_process: Mapped[bool] = mapped_column(default=False)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    last_heartbeat_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    app_version: Mapped[AppVersion] = relationship(lazy="joined")
    started_by: Mapped[User | None] = relationship(lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def name(self) -> str:
        """Return what its folder, its process and its log are called."""
        return self.id.replace("_", "-")

    @property
    def url(self) -> str:
        return routes.address_of(self.label)

    @property
    def folder(self) -> Path:
        return installation().checkouts / self.name

    @property
    def log_path(self) -> Path:
        return installation().folder("logs") / "session" / f"{self.name}.log"

    @property
    def lock_path(self) -> Path:
        """Return what whoever writes into its folder holds; it lies where no project can hold it."""
        return installation().run / f"{self.name}.lock"

    @property
    def is_on_the_way(self) -> bool:
        return self.status in SESSION_ON_THE_WAY

    @property
    def is_open(self) -> bool:
        return self.status in SESSION_OPEN

    @property
    def is_silent(self) -> bool:
        """Tell whether nobody has said for long that they are still there."""
        return self.last_heartbeat_at < now() - SILENCE
