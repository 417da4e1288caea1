"""The audit log: who did what, when and from where. Any operation adds a line; none holds a secret."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, enum_column, session, transaction
from app.core.ids import uuid7

LONGEST_WORDS = 300
_ONCE_A_MINUTE = timedelta(minutes=1)


class Client(StrEnum):
    """What somebody came with."""

    BROWSER = "browser"
    PROGRAM = "program"
    GIT = "git"
    COMMAND_LINE = "command_line"
    SYSTEM = "system"


@dataclass(frozen=True)
class Origin:
    """Where an action comes from; without an edge that says otherwise, it is the system's own."""

    client: Client = Client.SYSTEM
    address: str = ""


class Actor(Protocol):
    """Somebody, as far as the log has to know them."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


class AuditEntry(Base):
    """One line: it names things by what they were called, and outlives all of them."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_organization_id_created_at", "organization_id", "created_at"),
        Index("ix_audit_entries_actor_id_created_at", "actor_id", "created_at"),
        Index("ix_audit_entries_act_created_at", "act", "created_at"),
        Index("ix_audit_entries_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    act: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    actor_email: Mapped[str] = mapped_column(String(254), default="")
    organization_id: Mapped[UUID | None]
    subject: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    subject_id: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    client: Mapped[Client] = mapped_column(enum_column(Client))
    address: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


_OWN = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=_OWN)


def come_from(origin: Origin) -> None:
    """Say where all that follows comes from; called at an edge: HTTP, the command line."""
    _origin.set(origin)


def record(
    act: str,
    *,
    by: Actor | None,
    subject: str = "",
    subject_id: object = None,
    organization_id: UUID | None = None,
    detail: str = "",
) -> None:
    """Add a line, in the transaction of what it tells of; `act` is a thing and what became of it."""
    origin = _origin.get()
    with transaction():
        session.add(
            AuditEntry(
                act=act,
                actor_id=by.id if by else None,
                actor_name=by.name if by else "",
                actor_email=by.email if by else "",
                organization_id=organization_id,
                subject=subject[:LONGEST_WORDS],
                subject_id=str(subject_id) if subject_id is not None else None,
                detail=detail[:LONGEST_WORDS],
                client=origin.client,
                address=origin.address[:64],
            )
        )


def record_refusal(act: str, *, subject: str) -> None:
    """Add a line about what nobody in particular was refused, once a minute for each place it comes from."""
    known = select(AuditEntry.id).where(
        AuditEntry.act == act,
        AuditEntry.subject == subject[:LONGEST_WORDS],
        AuditEntry.address == _origin.get().address[:64],
        AuditEntry.created_at > now() - _ONCE_A_MINUTE,
    )
    with transaction():
        if session.scalar(known.limit(1)) is None:
            record(act, by=None, subject=subject)
