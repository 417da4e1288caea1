"""A variable that an app's builds get."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.sealed import Sealed


class VariableType(StrEnum):
    """Who may read a value."""

    PLAIN = "plain"
    SECRET = "secret"  # noqa: S105 - a word of the API


class AppVariable(Base):
    """A variable that an app finds when it is built and while it runs; its value is kept encrypted."""

    __tablename__ = "app_variables"
    __table_args__ = (UniqueConstraint("app_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    app_id: Mapped[str] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    type: Mapped[VariableType] = mapped_column(enum_column(VariableType), default=VariableType.PLAIN)
    value: Mapped[str | None] = mapped_column(Sealed)
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    set_at: Mapped[datetime] = mapped_column(default=now)

    set_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def is_secret(self) -> bool:
        return self.type is VariableType.SECRET
