"""What an organization used in a month, as far as no other row says it."""

from datetime import UTC, datetime
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base
from app.core.ids import uuid7

_DECEMBER = 12


class Period(NamedTuple):
    """A calendar month in UTC: from its first moment to that of the next."""

    start: datetime
    end: datetime

    @classmethod
    def current(cls) -> Self:
        """Return the month we are in."""
        today = now().astimezone(UTC)
        start = datetime(today.year, today.month, 1, tzinfo=UTC)
        is_last = today.month == _DECEMBER
        end = datetime(today.year + is_last, 1 if is_last else today.month + 1, 1, tzinfo=UTC)
        return cls(start, end)


class Usage(Base):
    """An organization's month: what its models used, and what its files weighed when last looked at."""

    __tablename__ = "usage"
    __table_args__ = (UniqueConstraint("organization_id", "period_start"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    period_start: Mapped[datetime]
    token_usage: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    cost_micros: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    storage_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    weighed_at: Mapped[datetime | None]
