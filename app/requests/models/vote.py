"""Who would like to have a request."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base


class Vote(Base):
    """That a person would like to have a request: once each.

    `through_id` names the duplicate on which they said so; when that stands on its own again, it is theirs.
    """

    __tablename__ = "request_votes"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    through_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("requests.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(lazy="joined")
