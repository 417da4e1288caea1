"""Connections, what opens them, and which projects go through them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.sealed import Sealed
from app.organizations.models import Organization

SHORTEST_SHOWN = 12  # four letters of less would be too much of it


class Provider(StrEnum):
    """Where a connection leads."""

    GITHUB = "github"
    VERCEL = "vercel"
    CUSTOM = "custom"


class ConnectionStatus(StrEnum):
    """Whether the other side let us in when it was last tried."""

    UNTRIED = "untried"
    WORKING = "working"
    FAILING = "failing"


CREDENTIALS: Mapping[Provider, tuple[str, ...]] = {
    Provider.GITHUB: ("token", "webhookSecret"),
    Provider.VERCEL: ("token", "teamId"),
    Provider.CUSTOM: ("user", "password", "token"),
}


class Connection(Base):
    """A door to somewhere else: an organization's own, or one of the whole installation."""

    __tablename__ = "connections"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    provider: Mapped[Provider] = mapped_column(enum_column(Provider))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(300), default="")
    credentials: Mapped[dict[str, Any] | None] = mapped_column(Sealed)
    status: Mapped[ConnectionStatus] = mapped_column(
        enum_column(ConnectionStatus), default=ConnectionStatus.UNTRIED
    )
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    organization: Mapped[Organization | None] = relationship(lazy="joined")
    made_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def shown_credentials(self) -> list[dict[str, Any]]:
        """Return which of its credentials are set, and the end of those that are long enough for that."""
        kept = self.credentials or {}
        return [
            {
                "name": name,
                "is_set": name in kept,
                "last_four": kept[name][-4:] if len(kept.get(name, "")) >= SHORTEST_SHOWN else None,
            }
            for name in CREDENTIALS[self.provider]
        ]


class ConnectedProject(Base):
    """That a project goes through a connection."""

    __tablename__ = "connected_projects"
    __table_args__ = (UniqueConstraint("connection_id", "project_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
