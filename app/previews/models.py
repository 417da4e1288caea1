"""Previews and where each stands."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.states import Stateful
from app.engine import routes
from app.projects.models import Project
from app.requests.models import ProductRequest


class PreviewStatus(StrEnum):
    """Where a preview stands; `asleep` is what a ready one does between visits."""

    NOT_STARTED = "not_started"
    QUEUED = "queued"
    BUILDING = "building"
    STARTING = "starting"
    READY = "ready"
    ASLEEP = "asleep"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = PreviewStatus
ON_THE_WAY = (S.QUEUED, S.BUILDING, S.STARTING)
ENDED = (S.FAILED, S.CANCELLED, S.EXPIRED)
ROUND = "--r"  # before its number, in the host label of a round that another one followed
_BAD_ENDS = frozenset({S.FAILED, S.CANCELLED, S.EXPIRED})


class Preview(Stateful, Base):
    """One round of a request, as something that runs."""

    __tablename__ = "previews"
    __table_args__ = (
        CheckConstraint("status != 'ready' OR ready_at IS NOT NULL", name="ready_when"),
        CheckConstraint("status != 'ready' OR expires_at IS NOT NULL", name="ready_ends"),
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        CheckConstraint("status NOT IN ('asleep', 'not_started')", name="stored"),
        Index("ix_previews_request_id_created_at", "request_id", "created_at"),
        Index("ix_previews_status_expires_at", "status", "expires_at"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        S.QUEUED: frozenset({S.BUILDING}) | _BAD_ENDS,
        S.BUILDING: frozenset({S.STARTING, S.QUEUED, S.BUILDING}) | _BAD_ENDS,
        S.STARTING: frozenset({S.READY, S.QUEUED, S.BUILDING}) | _BAD_ENDS,
        S.READY: frozenset({S.EXPIRED, S.FAILED}),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    status: Mapped[PreviewStatus] = mapped_column(enum_column(PreviewStatus), default=PreviewStatus.QUEUED)
    commit_sha: Mapped[str] = mapped_column(String(64))
    branch_name: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(80))
    round: Mapped[int] = mapped_column(default=1)
    plan: Mapped[dict[str, Any] | None]
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    instance_name: Mapped[str | None] = mapped_column(String(80))
    typical_ms: Mapped[int | None]
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    build_duration_ms: Mapped[int | None]
    checks: Mapped[dict[str, Any] | None]
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    author: Mapped[str | None] = mapped_column(String(200))
    keeps_awake: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    request: Mapped[ProductRequest] = relationship(lazy="joined")
    started_by: Mapped[User | None] = relationship(lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def name(self) -> str:
        """Return what its folder, its process and its log are called."""
        return f"preview-{self.id.hex}"

    @property
    def url(self) -> str:
        return routes.address_of(self.label)

    @property
    def own_label(self) -> str:
        """Return the host label of this round once another followed; no project has two hyphens in its."""
        return f"{self.label}{ROUND}{self.round}"

    @property
    def own_url(self) -> str:
        return routes.address_of(self.own_label)

    @property
    def log_path(self) -> Path:
        return installation().folder("logs") / "preview" / f"{self.name}.log"

    @property
    def look_folder(self) -> Path:
        """Return where whoever looks at it may write."""
        return installation().checkouts / f"look-{self.id.hex}"

    @property
    def is_being_checked(self) -> bool:
        return self.checks is not None and self.checks["state"] == "waiting"

    @property
    def times_given_way(self) -> int:
        """Return how often a look at it made room for something to be built."""
        return int((self.checks or {}).get("gaveWay", 0))

    @property
    def pictures(self) -> list[str]:
        return list((self.checks or {}).get("pictures", []))

    def picture_at(self, window: str) -> str:
        """Return the address of one of its pictures, on the main site."""
        return f"{self.request.path}/preview/pictures/{self.id}/{window}"

    @property
    def is_on_the_way(self) -> bool:
        return self.status in ON_THE_WAY

    @property
    def is_up(self) -> bool:
        return self.status is PreviewStatus.READY


class BranchPreview(Stateful, Base):
    """A pushed branch that no request asked for, as something that runs."""

    __tablename__ = "branch_previews"
    __table_args__ = (
        CheckConstraint("status != 'ready' OR ready_at IS NOT NULL", name="ready_when"),
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        Index("ix_branch_previews_project_id_branch_name", "project_id", "branch_name"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = Preview.moves

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    status: Mapped[PreviewStatus] = mapped_column(enum_column(PreviewStatus), default=PreviewStatus.QUEUED)
    commit_sha: Mapped[str] = mapped_column(String(64))
    branch_name: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(80))
    pushed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    instance_name: Mapped[str | None] = mapped_column(String(80))
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    ready_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="joined")
    pushed_by: Mapped[User | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def name(self) -> str:
        """Return what its folder, its process and its log are called."""
        return f"branch-{self.id.hex}"

    @property
    def url(self) -> str:
        return routes.address_of(self.label)

    @property
    def log_path(self) -> Path:
        return installation().folder("logs") / "branch" / f"{self.name}.log"

    @property
    def is_on_the_way(self) -> bool:
        return self.status in ON_THE_WAY

    @property
    def is_up(self) -> bool:
        return self.status is PreviewStatus.READY

    @property
    def is_open(self) -> bool:
        return self.is_on_the_way or self.is_up


class ShareLink(Base):
    """A way in for somebody without an account: to one request's preview, for a while."""

    __tablename__ = "share_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    request: Mapped[ProductRequest] = relationship(lazy="joined")
    made_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > now()
