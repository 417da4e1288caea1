"""A host name of an app's own."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.apps.models.app import App
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import prefixed, token
from app.core.states import Stateful
from app.engine import routes


class DomainStatus(StrEnum):
    """Whether a domain was seen to belong to whoever attached it."""

    PENDING = "pending"
    ACTIVE = "active"
    FAILED = "failed"


D = DomainStatus


class AppDomain(Stateful, Base):
    """A host name that leads to an app once its owner said so in the DNS."""

    __tablename__ = "app_domains"
    __table_args__ = (
        CheckConstraint("status != 'active' OR verified_at IS NOT NULL", name="active_since"),
        CheckConstraint("status != 'failed' OR last_error IS NOT NULL", name="failed_why"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {
        D.PENDING: frozenset({D.ACTIVE, D.FAILED}),
        D.FAILED: frozenset({D.PENDING, D.ACTIVE}),
    }

    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=lambda: prefixed("dom"))
    app_id: Mapped[str] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"), unique=True)
    hostname: Mapped[str] = mapped_column(String(253), unique=True)
    token: Mapped[str] = mapped_column(String(64), default=lambda: token(18))
    status: Mapped[DomainStatus] = mapped_column(enum_column(DomainStatus), default=DomainStatus.PENDING)
    last_error: Mapped[str | None] = mapped_column(Text)
    attached_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    waits_since: Mapped[datetime] = mapped_column(default=now)
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]

    app: Mapped[App] = relationship(lazy="joined")
    attached_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def text_name(self) -> str:
        """Return the name whose TXT record proves who owns the domain."""
        return f"_greenroom.{self.hostname}"

    @property
    def text_value(self) -> str:
        return f"greenroom={self.token}"

    @property
    def target(self) -> str:
        """Return the name that a CNAME record of the domain leads to: the app's own host name."""
        return routes.host_of(self.app.handle)

    @property
    def url(self) -> str:
        return routes.address_of(self.hostname)
