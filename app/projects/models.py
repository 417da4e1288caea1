"""Projects and who may see them."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.sealed import Sealed
from app.engine.plans import Problem, Setting, problems_in, settings_in
from app.organizations.models import Organization


class Access(StrEnum):
    """Who of the organization sees a project."""

    ORGANIZATION = "organization"
    MEMBERS = "members"


class StartPolicy(StrEnum):
    """Who starts development."""

    DEVELOPER = "developer"
    REQUESTER = "requester"
    APPROVED = "approved"


class Starter(StrEnum):
    """What a new repository begins with."""

    STATIC = "static"
    FLASK = "flask"
    VITE = "vite"
    REACT = "react"
    EMPTY = "empty"


class Audience(StrEnum):
    """Who finds a variable in its environment."""

    PREVIEW = "preview"
    AGENT = "agent"


class Project(Base):
    """The workspace of a team: one repository, one board, its apps.

    `app_id` names its first app, for those who read; the apps, which are above, write it. With `leaving_at`
    it exists for nobody any more, and goes once nothing of it runs.
    """

    __tablename__ = "projects"
    __table_args__ = (UniqueConstraint("organization_id", "slug"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(60))
    host_label: Mapped[str] = mapped_column(String(50), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    access: Mapped[Access] = mapped_column(enum_column(Access), default=Access.ORGANIZATION)
    start_policy: Mapped[StartPolicy] = mapped_column(enum_column(StartPolicy), default=StartPolicy.DEVELOPER)
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    default_agent: Mapped[str] = mapped_column(String(20), default="outline")
    agent_preset: Mapped[str | None] = mapped_column(String(20))
    agent_command: Mapped[str | None] = mapped_column(Text)
    default_branch: Mapped[str] = mapped_column(String(120), default="main")
    auto_deploy: Mapped[bool] = mapped_column(default=True, server_default=true())
    subfolder: Mapped[str] = mapped_column(String(200), default="", server_default="")
    plan_overrides: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    seed_command: Mapped[str | None] = mapped_column(Text)
    most_previews: Mapped[int] = mapped_column(default=3, server_default="3")
    idle_minutes: Mapped[int | None]
    shows_branches: Mapped[bool] = mapped_column(default=True, server_default=true())
    interviews_by_model: Mapped[bool] = mapped_column(default=True, server_default=true())
    archive_after_days: Mapped[int] = mapped_column(default=0, server_default="0")
    last_number: Mapped[int] = mapped_column(default=0)
    app_id: Mapped[str | None] = mapped_column(String(40))
    is_sample: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    archived_at: Mapped[datetime | None]
    leaving_at: Mapped[datetime | None]
    leaving_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    organization: Mapped[Organization] = relationship(lazy="joined")
    approver: Mapped[User | None] = relationship(foreign_keys=[approver_id])
    leaving_by: Mapped[User | None] = relationship(foreign_keys=[leaving_by_id])

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def why_read_only(self) -> str | None:
        """Say why nothing of it can be changed; None while it can."""
        if not self.is_archived:
            return None
        return f"{self.name} rests: all of it can be read, nothing changed. An admin can take it up again."

    @property
    def path(self) -> str:
        """Return the address of the board, on the main site."""
        return f"/{self.organization.slug}/{self.slug}"

    @property
    def repository_path(self) -> Path:
        return installation().repositories / f"{self.id}.git"

    @property
    def url(self) -> str:
        return f"{installation().url}{self.path}"

    @property
    def clone_url(self) -> str:
        return f"{self.url}.git"


class ProjectMember(Base):
    """That a person is named for a project which is not open to its whole organization."""

    __tablename__ = "project_members"
    __table_args__ = (UniqueConstraint("project_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)

    project: Mapped[Project] = relationship(backref=backref("named_members", lazy="select"))
    user: Mapped[User] = relationship(lazy="joined")


class ProjectVariable(Base):
    """A variable that previews or agents of a project get; its value is kept encrypted."""

    __tablename__ = "project_variables"
    __table_args__ = (UniqueConstraint("project_id", "audience", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), default=Audience.PREVIEW)
    name: Mapped[str] = mapped_column(String(100))
    value: Mapped[str | None] = mapped_column(Sealed)
    is_secret: Mapped[bool] = mapped_column(default=True)
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    set_at: Mapped[datetime] = mapped_column(default=now)

    set_by: Mapped[User | None] = relationship(lazy="joined")


class ProjectConfig(Base):
    """What greenroom.toml of a main branch said when it was last read; no text where there was none."""

    __tablename__ = "project_configs"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    commit_sha: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    read_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def settings(self) -> list[Setting]:
        return settings_in(self.text) if self.text is not None else []

    @property
    def problems(self) -> list[Problem]:
        return problems_in(self.text) if self.text is not None else []


class SettingsNote(Base):
    """That somebody changed a setting of a project: who, when, what, but no value."""

    __tablename__ = "settings_notes"
    __table_args__ = (Index("ix_settings_notes_project_id_id", "project_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)

    actor: Mapped[User | None] = relationship(lazy="joined")
