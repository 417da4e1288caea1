"""Pictures and files of requests."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base
from app.core.files import path_of, size_in_words
from app.core.ids import uuid7
from app.core.installation import installation
from app.requests.models.request import ProductRequest


class Attachment(Base):
    """A picture or file that somebody handed in; it belongs to no request as long as its form is refused."""

    __tablename__ = "attachments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="SET NULL"))
    uploader_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(150))
    content_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    request: Mapped[ProductRequest | None] = relationship()
    uploader: Mapped[User | None] = relationship(lazy="joined")

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown where it stands, by what is in it."""
        return self.width is not None

    @property
    def size_in_words(self) -> str:
        return size_in_words(self.size)

    @property
    def place(self) -> Path:
        """Return where its bytes lie."""
        return path_of(self.digest)

    @property
    def path(self) -> str:
        """Return its address on the main site, once it belongs to a request."""
        return f"{self.request.path}/files/{self.id}" if self.request is not None else ""

    @property
    def url(self) -> str:
        return f"{installation().url}{self.path}"
