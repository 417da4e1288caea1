"""What the ledger keeps: the runs, and the locks over all machines."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, enum_column, session, transaction, unit_of_work
from app.core.ids import token, uuid7
from app.core.installation import installation

log = logging.getLogger(__name__)


class RunState(StrEnum):
    """Where a run stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)


class Run(Base):
    """One piece of work with a life."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name="end"),
        CheckConstraint("state != 'running' OR lease_until IS NOT NULL", name="lease"),
        CheckConstraint("ended_at IS NOT NULL OR deadline_at IS NOT NULL", name="deadline"),
        CheckConstraint("state != 'failed' OR error_message IS NOT NULL", name="reason"),
        Index("ix_runs_kind_subject_id", "kind", "subject_id"),
        Index("ix_runs_state_lease_until", "state", "lease_until"),
        Index("ix_runs_state_deadline_at", "state", "deadline_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(String(80))
    subject_id: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(64))
    queue: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[RunState] = mapped_column(enum_column(RunState), default=RunState.QUEUED)
    phase: Mapped[str | None] = mapped_column(String(40))
    progress: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(String(500))
    attempts: Mapped[int] = mapped_column(default=0)
    most_attempts: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[int] = mapped_column(default=60)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    last_sign_of_life_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    next_step: Mapped[str | None] = mapped_column(String(200))

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Lock(Base):
    """A lock over all machines, held for a short time by one."""

    __tablename__ = "locks"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(64))
    until: Mapped[datetime | None]


@contextmanager
def exclusively(name: str) -> Iterator[bool]:
    """Hold the lock `name` over all machines; gives False when somebody else holds it.

    It is renewed while the block works, so that one whose process was killed is free again in a moment.
    """
    holder = token(9)
    won, over = _take(name, holder), threading.Event()

    def renew() -> None:
        while not over.wait(installation().lease_seconds / 3):
            try:
                with unit_of_work():
                    _renew(name, holder)
            except Exception:
                log.warning("could not renew the lock %s", name, exc_info=True)

    thread = threading.Thread(target=renew, name=f"lock-{name}", daemon=True)
    if won:
        thread.start()
    try:
        yield won
    finally:
        if won:
            over.set()
            thread.join()
            _let_go(name, holder)


def _take(name: str, holder: str) -> bool:
    moment = now()
    with transaction():
        if session.get(Lock, name) is None:
            session.add(Lock(name=name))
    with transaction():
        taken = session.execute(
            update(Lock)
            .where(Lock.name == name, or_(Lock.until.is_(None), Lock.until < moment))
            .values(holder=holder, until=moment + timedelta(seconds=installation().lease_seconds))
        )
        return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _renew(name: str, holder: str) -> None:
    until = now() + timedelta(seconds=installation().lease_seconds)
    with transaction():
        session.execute(update(Lock).where(Lock.name == name, Lock.holder == holder).values(until=until))


def _let_go(name: str, holder: str) -> None:
    with transaction():
        session.execute(
            update(Lock).where(Lock.name == name, Lock.holder == holder).values(holder=None, until=None)
        )
