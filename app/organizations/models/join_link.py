"""Links by which several people come into an organization."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.organizations.models.organization import Organization, Role

JOINABLE = (Role.REQUESTER, Role.DEVELOPER, Role.VIEWER)


class JoinLinkStatus(StrEnum):
    """Whether a join link still lets somebody in."""

    OPEN = "open"
    USED_UP = "used_up"
    ENDED = "ended"
    EXPIRED = "expired"


class JoinLink(Base):
    """A link that lets a number of people in, for a while; those of one mail domain if it names one."""

    __tablename__ = "join_links"
    __table_args__ = (
        CheckConstraint("uses >= 0 AND uses <= most_uses", name="uses_within_bounds"),
        CheckConstraint("role != 'admin'", name="makes_no_admin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(enum_column(Role))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    most_uses: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0, server_default="0")
    domain: Mapped[str | None] = mapped_column(String(253))
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship(lazy="joined")
    made_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def status(self) -> JoinLinkStatus:
        if self.ended_at is not None:
            return JoinLinkStatus.ENDED
        if self.uses >= self.most_uses:
            return JoinLinkStatus.USED_UP
        return JoinLinkStatus.EXPIRED if self.expires_at <= now() else JoinLinkStatus.OPEN

    @property
    def is_open(self) -> bool:
        return self.status is JoinLinkStatus.OPEN

    def is_for(self, email: str) -> bool:
        """Tell whether somebody with this e-mail may come in by it."""
        return self.domain is None or email.strip().lower().rpartition("@")[2] == self.domain
