"""Host names that lead somewhere, as rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, enum_column


class RouteKind(StrEnum):
    """What stands behind a host name."""

    STATIC = "static"
    INSTANCE = "instance"
    WAITING = "waiting"
    GONE = "gone"


class RouteAccess(StrEnum):
    """Who may open it."""

    PRIVATE = "private"
    PUBLIC = "public"


class Route(Base):
    """One host name: a label under the preview domain, or a whole domain of an app's own."""

    __tablename__ = "routes"
    __table_args__ = (
        CheckConstraint("kind != 'static' OR directory IS NOT NULL", name="static_directory"),
        CheckConstraint("kind != 'instance' OR instance IS NOT NULL", name="instance_name"),
        Index("ix_routes_instance", "instance"),
    )

    label: Mapped[str] = mapped_column(String(253), primary_key=True)
    kind: Mapped[RouteKind] = mapped_column(enum_column(RouteKind))
    access: Mapped[RouteAccess] = mapped_column(enum_column(RouteAccess), default=RouteAccess.PRIVATE)
    project_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    directory: Mapped[str | None] = mapped_column(Text)
    spa: Mapped[bool] = mapped_column(default=False)
    instance: Mapped[str | None] = mapped_column(String(80))
    bar: Mapped[dict[str, Any] | None]
    status_url: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)  # what is said where it is gone
    port: Mapped[int | None] = mapped_column(unique=True)  # where no names lead to previews
    last_visit_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
