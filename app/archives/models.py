"""Archives that somebody asked for, or brings in, and how far each is."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.ledger import Run
from app.core.states import Stateful
from app.organizations.models import Organization
from app.projects.models import Project

CONTENT_TYPE = "application/zip"


class ExportStatus(StrEnum):
    """Where an export stands; only a ready one has a file."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = ExportStatus


class Export(Stateful, Base):
    """One archive of an organization, or of one of its projects."""

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("(status = 'ready') = (digest IS NOT NULL)", name="ready_file"),
        CheckConstraint("status != 'ready' OR expires_at IS NOT NULL", name="ready_ends"),
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        CheckConstraint("(status IN ('queued', 'running')) = (ended_at IS NULL)", name="end"),
        Index("ix_exports_organization_id_created_at", "organization_id", "created_at"),
    )
    moves: ClassVar = {
        S.QUEUED: frozenset({S.RUNNING, S.FAILED, S.CANCELLED}),
        S.RUNNING: frozenset({S.RUNNING, S.READY, S.FAILED, S.CANCELLED}),
        S.READY: frozenset({S.EXPIRED}),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    status: Mapped[ExportStatus] = mapped_column(enum_column(ExportStatus), default=ExportStatus.QUEUED)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    size: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(Text)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="joined")
    project: Mapped[Project | None] = relationship(lazy="joined")
    made_by: Mapped[User | None] = relationship(lazy="joined")
    run: Mapped[Run | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_open(self) -> bool:
        return self.status in {ExportStatus.QUEUED, ExportStatus.RUNNING}

    @property
    def is_ready(self) -> bool:
        return self.status is ExportStatus.READY

    @property
    def progress_percent(self) -> int:
        """Return how much of it is written."""
        return 100 if self.is_ready else (self.run.progress or 0) if self.run is not None else 0

    @property
    def place(self) -> Path:
        """Return where its file lies."""
        return installation().folder("exports") / f"{self.id}.zip"

    @property
    def file_name(self) -> str:
        """Return what its file is called by whoever downloads it."""
        of = f"{self.organization.slug}-{self.project.slug}" if self.project else self.organization.slug
        return f"greenroom-{of}-{self.created_at:%Y-%m-%d}.zip"

    def end(self, status: ExportStatus, *, error: str | None = None) -> None:
        """End without a file."""
        self.move_to(status)
        self.digest, self.error_message = None, error
        self.ended_at = self.ended_at or now()


class ImportStatus(StrEnum):
    """Where an import stands; only one that is done made an organization."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Import(Stateful, Base):
    """One archive on its way to be an organization, called otherwise than in it where that was said."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        CheckConstraint("(status IN ('queued', 'running')) = (ended_at IS NULL)", name="end"),
        Index("ix_imports_created_at", "created_at"),
    )
    moves: ClassVar = {
        ImportStatus.QUEUED: frozenset({ImportStatus.RUNNING, ImportStatus.FAILED, ImportStatus.CANCELLED}),
        ImportStatus.RUNNING: frozenset(ImportStatus) - {ImportStatus.QUEUED},
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    status: Mapped[ImportStatus] = mapped_column(enum_column(ImportStatus), default=ImportStatus.QUEUED)
    name: Mapped[str] = mapped_column(String(120), default="")
    slug: Mapped[str] = mapped_column(String(60), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    faults: Mapped[list[str]] = mapped_column(JSON, default=list)
    error_message: Mapped[str | None] = mapped_column(Text)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id", ondelete="SET NULL"))
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization | None] = relationship(lazy="joined")
    made_by: Mapped[User | None] = relationship(lazy="joined")
    run: Mapped[Run | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_open(self) -> bool:
        return self.status in {ImportStatus.QUEUED, ImportStatus.RUNNING}

    @property
    def progress_percent(self) -> int:
        """Return how much of it is brought in."""
        if self.status is ImportStatus.DONE:
            return 100
        return (self.run.progress or 0) if self.run is not None else 0

    @property
    def place(self) -> Path:
        """Return where its file lies until it ended."""
        return installation().folder("imports") / f"{self.id}.zip"

    def end(self, status: ImportStatus, *, error: str | None = None) -> None:
        """End, with an organization or with a reason."""
        self.move_to(status)
        self.error_message = error
        self.ended_at = self.ended_at or now()
