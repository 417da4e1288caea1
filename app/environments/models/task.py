"""A task, and its versions, of which none ever changes."""

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base
from app.core.ids import uuid7
from app.core.installation import installation
from app.engine.repositories import Repository
from app.environments.definition import Definition
from app.organizations.models import Organization


class Task(Base):
    """Something to be done in an environment, by its name in an organization."""

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=now)

    organization: Mapped[Organization] = relationship(lazy="joined")

    @property
    def repository_path(self) -> Path:
        """Return where the files of all its versions lie."""
        return installation().repositories / f"task-{self.id}.git"

    @property
    def repository(self) -> Repository:
        return Repository(self.repository_path)


class TaskVersion(Base):
    """One version of a task: what task.yaml said, and the files, as they were published."""

    __tablename__ = "task_versions"
    __table_args__ = (UniqueConstraint("task_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(String(80))
    major: Mapped[int]
    minor: Mapped[int]
    patch: Mapped[int]
    is_prerelease: Mapped[bool] = mapped_column(default=False, server_default=false())
    said: Mapped[dict[str, Any]]
    commit_sha: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(300), default="", server_default="")
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    built: Mapped[dict[str, Any] | None]  # what its services became, once it was built
    used_at: Mapped[datetime] = mapped_column(default=now)

    task: Mapped[Task] = relationship(lazy="joined")
    published_by: Mapped[User | None] = relationship(lazy="joined")

    @cached_property
    def definition(self) -> Definition:
        """Return what its task.yaml says."""
        return Definition.model_validate(self.said)

    @property
    def ref(self) -> str:
        """Return the name by which exactly this one is asked for."""
        return f"{self.task.organization.slug}/{self.task.name}@{self.version}"

    @property
    def folder(self) -> Path:
        """Return where it lies built, to be copied for each environment."""
        return installation().checkouts / f"task-{self.id.hex}"

    @property
    def is_built(self) -> bool:
        return self.built is not None and self.folder.is_dir()
