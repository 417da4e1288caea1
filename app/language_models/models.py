"""What an admin said about the language model."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, session
from app.core.sealed import Sealed

INSTALLATION = "installation"
SHORTEST_SHOWN = 12  # four letters of less would be too much of it


class ModelSettings(Base):
    """Where the installation's language model answers, what it costs, and how the last test went.

    Without an address it says only whether the one of the environment is used.
    """

    __tablename__ = "language_model"

    scope: Mapped[str] = mapped_column(String(20), primary_key=True, default=INSTALLATION)
    base_url: Mapped[str] = mapped_column(String(300), default="")
    model: Mapped[str] = mapped_column(String(200), default="")
    key: Mapped[str | None] = mapped_column(Sealed)
    is_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    read_micros: Mapped[int | None] = mapped_column(BigInteger)  # millionths, for a million tokens
    written_micros: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    tested_at: Mapped[datetime | None]
    test_code: Mapped[str | None] = mapped_column(String(40))
    test_words: Mapped[str | None] = mapped_column(Text)
    test_ms: Mapped[int | None]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    changed_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def last_four(self) -> str | None:
        """Return how its key ends, where that tells little of it."""
        return self.key[-4:] if self.key and len(self.key) >= SHORTEST_SHOWN else None

    def forget_test(self) -> None:
        """Let what an earlier test said hold no longer."""
        self.tested_at = self.test_code = self.test_words = self.test_ms = None


def model_settings() -> ModelSettings | None:
    """Return what an admin said, as it is now."""
    return session.get(ModelSettings, INSTALLATION, populate_existing=True)
