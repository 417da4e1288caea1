"""Labels: an organization's own words for what its requests are about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.colours import readable_on
from app.core.db import Base
from app.core.ids import uuid7


class Label(Base):
    """A word with a colour, which an organization puts on its requests."""

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(50))
    key: Mapped[str] = mapped_column(String(150))
    color: Mapped[str] = mapped_column(String(7))
    description: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    def call(self, name: str) -> None:
        """Give it a name; two labels of an organization differ by more than capitals."""
        self.name, self.key = name, key_of(name)

    @property
    def text_color(self) -> str:
        """Return the colour in which words on it can be read."""
        return readable_on(self.color)


def key_of(name: str) -> str:
    """Return what two names have in common that differ by capitals and spaces only."""
    return " ".join(name.split()).casefold()


class RequestLabel(Base):
    """That a request bears a label."""

    __tablename__ = "request_labels"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[UUID] = mapped_column(
        ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True, index=True
    )
