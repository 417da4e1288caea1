"""Tokens of language models that are set aside while a model is being asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.ids import uuid7


class TokensSetAside(Base):
    """What one asking may take at most; whoever asks and is killed lets go of it after a while."""

    __tablename__ = "tokens_set_aside"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    tokens: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[datetime]
