"""Development sessions: who works on a request's branch, from where, and how it ended."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.errors import Failed
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.states import Stateful
from app.integrations.coding_agent import label_of
from app.requests.models import ProductRequest, RequestStatus

_LONGEST_CODE = 60


class SessionStatus(StrEnum):
    """Where a session stands; the last four are final."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = SessionStatus
OPEN = (S.PENDING, S.RUNNING, S.WAITING)
STARTABLE = frozenset({RequestStatus.READY, RequestStatus.CHANGES_REQUESTED})
_ENDS = frozenset({S.COMPLETED, S.FAILED, S.CANCELLED, S.EXPIRED})
_IS_OPEN = "status IN ('pending', 'running', 'waiting')"


class DevelopmentSession(Stateful, Base):
    """One run of a coding agent, or of a person, on the branch of a request."""

    __tablename__ = "development_sessions"
    __table_args__ = (
        Index(
            "uq_development_sessions_open",
            "request_id",
            unique=True,
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
        Index("ix_development_sessions_request_id_id", "request_id", "id"),
        CheckConstraint(f"({_IS_OPEN}) = (completed_at IS NULL)", name="end"),
        CheckConstraint("status NOT IN ('failed', 'expired') OR error_message IS NOT NULL", name="reason"),
        CheckConstraint("status != 'completed' OR commit_sha IS NOT NULL", name="result"),
        CheckConstraint("came_from IN ('ready', 'changes_requested')", name="origin"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        S.PENDING: frozenset({S.RUNNING, S.FAILED, S.CANCELLED, S.EXPIRED}),
        S.RUNNING: _ENDS,
        S.WAITING: _ENDS,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    agent: Mapped[str] = mapped_column(String(20))
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    status: Mapped[SessionStatus] = mapped_column(enum_column(SessionStatus), default=SessionStatus.PENDING)
    branch_name: Mapped[str] = mapped_column(String(200))
    base_sha: Mapped[str] = mapped_column(String(64))
    commit_sha: Mapped[str | None] = mapped_column(String(64))
    round: Mapped[int]
    came_from: Mapped[RequestStatus] = mapped_column(enum_column(RequestStatus))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    error_code: Mapped[str | None] = mapped_column(String(_LONGEST_CODE))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    request: Mapped[ProductRequest] = relationship(lazy="joined")
    started_by: Mapped[User | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def waits_for_a_person(self) -> bool:
        return self.status is SessionStatus.WAITING

    @property
    def worker(self) -> str:
        """Return who works: an agent, a person, or a program by its name."""
        if self.agent != "command":
            return self.agent
        return label_of((self.inputs or {}).get("preset"), self.request.project.agent_command)

    @property
    def log_path(self) -> Path:
        """Return the file that everything said during the session is in."""
        return log_path_of(self.id)

    def begin(self) -> None:
        """Be worked on; the second attempt after a lost worker goes on where the first stood."""
        if self.status is not SessionStatus.RUNNING:
            self.move_to(SessionStatus.RUNNING)
            self.started_at = self.started_at or now()

    def complete(self, commit: str) -> None:
        """End well, with what was made."""
        self.move_to(SessionStatus.COMPLETED)
        self.commit_sha, self.completed_at = commit, now()
        self.error_code = self.error_message = self.error_suggestion = None

    def end(self, status: SessionStatus, why: Failed) -> None:
        """End without a result, with the reason."""
        self.move_to(status)
        self.completed_at = now()
        self.error_code, self.error_message = why.code[:_LONGEST_CODE], why.message
        self.error_suggestion = why.suggestion


def log_path_of(session_id: UUID) -> Path:
    """Return the file of a session's log."""
    return installation().logs / "development" / f"{session_id}.log"


def bench_name_of(session_id: UUID) -> str:
    """Return what the folder is called in which a program works."""
    return f"agent-{session_id.hex}"
