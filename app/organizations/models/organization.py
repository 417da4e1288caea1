"""Organizations, and who belongs to them in which role."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.installation import installation


class Role(StrEnum):
    """What a member may do, from least to most."""

    VIEWER = "viewer"
    REQUESTER = "requester"
    DEVELOPER = "developer"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {role: rank for rank, role in enumerate(Role)}


class Organization(Base):
    """The tenant."""

    __tablename__ = "organizations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    logo_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    requests_per_month: Mapped[int | None]
    build_minutes_per_month: Mapped[int | None]
    storage_mb: Mapped[int | None]
    tokens_per_month: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    leaving_since: Mapped[datetime | None]

    @property
    def path(self) -> str:
        """Return its address on the main site."""
        return f"/{self.slug}"

    @property
    def logo_path(self) -> str | None:
        """Return the address of its logo, which is another one for each picture."""
        return f"{self.path}/logo?v={self.logo_digest[:12]}" if self.logo_digest else None

    @property
    def logo_url(self) -> str | None:
        return f"{installation().url}{self.logo_path}" if self.logo_path else None

    @property
    def limits(self) -> "Limits":
        return Limits(
            self.requests_per_month, self.build_minutes_per_month, self.storage_mb, self.tokens_per_month
        )


class Limits(NamedTuple):
    """How much an organization may use in a month; None for as much as it likes."""

    requests_per_month: int | None = None
    build_minutes_per_month: int | None = None
    storage_mb: int | None = None
    tokens_per_month: int | None = None


class FormerSlug(Base):
    """A name that an organization had in addresses; what was linked by it still leads there."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)


class Membership(Base):
    """That a person belongs to an organization, in a role."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organization_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(enum_column(Role))
    created_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(lazy="joined", backref=backref("memberships", lazy="selectin"))
    organization: Mapped[Organization] = relationship(
        lazy="joined", backref=backref("memberships", lazy="select")
    )


def memberships_of(user: User) -> list[Membership]:
    """Return where a person belongs; through an API key, only where the key does."""
    every: list[Membership] = user.memberships  # type: ignore[attr-defined]
    if user.confined_to is None:
        return every
    return [membership for membership in every if membership.organization_id == user.confined_to]
