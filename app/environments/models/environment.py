"""Environments and where each stands."""

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
from app.core.sealed import Sealed
from app.core.secrets import digest
from app.core.states import Stateful
from app.environments.models.task import TaskVersion
from app.projects.models import Project


class EnvironmentState(StrEnum):
    """Where an environment stands; the last two are final."""

    BUILDING = "building"
    PROVISIONING = "provisioning"
    READY = "ready"
    PAUSED = "paused"
    TORN_DOWN = "torn_down"
    FAILED = "failed"


S = EnvironmentState
ON_THE_WAY = (S.BUILDING, S.PROVISIONING)
UP = (S.READY, S.PAUSED)
ENDED = (S.TORN_DOWN, S.FAILED)


class Environment(Stateful, Base):
    """A task's files with its services, for somebody to work in, for a while."""

    __tablename__ = "environments"
    __table_args__ = (
        CheckConstraint("(state IN ('torn_down', 'failed')) = (ended_at IS NOT NULL)", name="end"),
        CheckConstraint("state NOT IN ('ready', 'paused') OR expires_at IS NOT NULL", name="up_ends"),
        CheckConstraint("state != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        CheckConstraint("state NOT IN ('torn_down', 'failed') OR token IS NULL", name="token"),
        CheckConstraint("removed_at IS NULL OR ended_at IS NOT NULL", name="removed"),
        Index("ix_environments_project_id_created_at", "project_id", "created_at"),
        Index("ix_environments_state_expires_at", "state", "expires_at"),
        Index("ix_environments_removed_at_ended_at", "removed_at", "ended_at"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        S.BUILDING: frozenset({S.BUILDING, S.PROVISIONING, *ENDED}),
        S.PROVISIONING: frozenset({S.PROVISIONING, S.READY, *ENDED}),
        S.READY: frozenset({S.PAUSED, *ENDED}),
        S.PAUSED: frozenset({S.READY, *ENDED}),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    task_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("task_versions.id", ondelete="CASCADE"), index=True
    )
    task_ref: Mapped[str] = mapped_column(String(250))
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    status: Mapped[EnvironmentState] = mapped_column(
        "state", enum_column(EnvironmentState), default=S.BUILDING
    )
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secret_ids: Mapped[list[str]] = mapped_column(default=list)
    seconds: Mapped[int]
    token: Mapped[str | None] = mapped_column(Sealed)  # until it was given out for the last time
    token_digest: Mapped[str] = mapped_column(String(64), index=True)
    is_warm: Mapped[bool] = mapped_column(default=False, server_default=false())  # ready for nobody so far
    service_urls: Mapped[dict[str, Any] | None]
    verification: Mapped[dict[str, Any] | None]
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]  # since then nothing that it had is there but its log
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="joined")
    task_version: Mapped[TaskVersion] = relationship(lazy="joined")
    created_by: Mapped[User | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def name(self) -> str:
        """Return what its folder and its log are called."""
        return f"environment-{self.id.hex}"

    @property
    def folder(self) -> Path:
        return installation().checkouts / self.name

    @property
    def scripts(self) -> Path:
        """Return where the task's scripts lie while they run."""
        return installation().run / "scripts" / self.name

    @property
    def log_path(self) -> Path:
        return installation().folder("logs") / "environment" / f"{self.name}.log"

    def instance_of(self, service: str) -> str:
        """Return what the process of a service is called."""
        return f"{self.name}-{service}"

    def label_of(self, service: str) -> str:
        """Return the host label of a service: 128 bits that nobody guesses."""
        return f"env-{digest(f'{self.token_digest} {service}')[:32]}"

    def log_path_of(self, service: str) -> Path:
        return self.log_path.with_name(f"{self.name}-{service}.log")

    @property
    def processes(self) -> list[str]:
        """Return those of its services that are processes; the others are files."""
        built = self.task_version.built or {}
        return [name for name, made in built.items() if made["serve"] == "process"]

    @property
    def path(self) -> str:
        """Return the address of its page, on the main site."""
        return f"{self.project.path}/environments/{self.id}"

    @property
    def is_on_the_way(self) -> bool:
        return self.status in ON_THE_WAY

    @property
    def is_up(self) -> bool:
        return self.status in UP

    @property
    def is_over(self) -> bool:
        return self.status in ENDED
