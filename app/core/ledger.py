"""The ledger: one row for every piece of work with a life, so that a state never lies.

The database is the truth. A run is taken by compare-and-set, its lease is renewed while somebody works on it,
and every state that is not final has a deadline. The sweeper ends or requeues what nobody holds any more.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.changes import changed
from app.core.clock import now
from app.core.db import Base, enum_column, session, transaction, unit_of_work
from app.core.errors import Cancelled, DomainError, Failed
from app.core.ids import token, uuid7
from app.core.installation import installation

log = logging.getLogger(__name__)

LONGEST_IN_QUEUE = timedelta(hours=1)
CANCEL_CHECK_SECONDS = 0.5


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


Ended = Callable[[Run], None]
_ended: dict[str, Ended] = {}


def when_ended(kind: str) -> Callable[[Ended], Ended]:
    """Register what it means for a feature that a run of `kind` failed or was cancelled.

    Called inside the transaction that writes the end, whoever writes it: worker, sweeper or canceller.
    """

    def register(hook: Ended) -> Ended:
        _ended[kind] = hook
        return hook

    return register


# --- reading ---------------------------------------------------------------------------------------------


def latest(kind: str, subject_id: object) -> Run | None:
    """Return the newest run of a kind for a subject."""
    return session.scalars(
        select(Run)
        .where(Run.kind == kind, Run.subject_id == str(subject_id))
        .order_by(Run.created_at.desc(), Run.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def open_run(kind: str, subject_id: object) -> Run | None:
    """Return the run of a kind for a subject that has not ended, if there is one."""
    run = latest(kind, subject_id)
    return run if run is not None and run.is_open else None


# --- writing, from the operations ------------------------------------------------------------------------


def open_queued(
    kind: str,
    subject_id: object,
    *,
    queue: str,
    seconds: int,
    attempts: int,
    topic: object = None,
) -> Run:
    """Write a run that a worker shall take."""
    run = Run(
        kind=kind,
        subject_id=str(subject_id),
        topic=str(topic or subject_id),
        queue=queue,
        seconds=seconds,
        most_attempts=attempts,
        deadline_at=now() + LONGEST_IN_QUEUE,
    )
    session.add(run)
    session.flush()  # the caller wants the id
    changed(run.topic)
    return run


def open_waiting(
    kind: str,
    subject_id: object,
    *,
    deadline_at: datetime,
    topic: object = None,
    next_step: str | None = None,
) -> Run:
    """Write a run that waits for a person or the outside, until a deadline."""
    run = Run(
        kind=kind,
        subject_id=str(subject_id),
        topic=str(topic or subject_id),
        state=RunState.WAITING,
        started_at=now(),
        deadline_at=deadline_at,
        next_step=next_step,
    )
    session.add(run)
    session.flush()  # the caller wants the id
    changed(run.topic)
    return run


def finish(run: Run) -> bool:
    """End a run well; False when somebody else ended it before."""
    return _end(run, RunState.DONE, None)


def fail(run: Run, failed: Failed) -> bool:
    """End a run badly, with its reason; its feature hears of it in the same transaction."""
    return _end(run, RunState.FAILED, failed)


def cancel(run: Run) -> None:
    """Ask a run to stop. What nobody works on ends now; a worker kills its work first, then says so."""
    with transaction():
        session.refresh(run)
        if not run.is_open:
            return
        if run.state is RunState.RUNNING:
            session.execute(
                update(Run)
                .where(Run.id == run.id, Run.cancel_requested_at.is_(None))
                .values(cancel_requested_at=now())
            )
            changed(run.topic)
        else:
            _end(run, RunState.CANCELLED, None)


def _end(run: Run, state: RunState, failed: Failed | None, *, owner: str | None = None) -> bool:
    with transaction():
        conditions = [Run.id == run.id, Run.state.in_(OPEN)]
        if owner is not None:
            conditions.append(Run.lease_owner == owner)
        values: dict[str, Any] = {"state": state, "ended_at": now(), "lease_owner": None, "lease_until": None}
        if state is RunState.DONE:
            values |= {"progress": 100, "phase": None, "message": None}
        if failed is not None:
            values |= {
                "error_code": failed.code,
                "error_message": failed.message,
                "error_suggestion": failed.suggestion,
                "error_lines": failed.lines,
            }
        won = session.execute(update(Run).where(*conditions).values(**values)).rowcount == 1  # type: ignore[attr-defined]
        session.refresh(run)
        if won:
            if state is not RunState.DONE and run.kind in _ended:
                _ended[run.kind](run)
            changed(run.topic)
        return bool(won)


# --- working ---------------------------------------------------------------------------------------------


class Lost(Cancelled):
    """Somebody else holds this run now, or it ended; what we did must not be written."""


class RunHandle:
    """What a job knows of the run it works on."""

    def __init__(self, run: Run, owner: str) -> None:
        self.run_id = run.id
        self.subject_id = run.subject_id
        self.topic = run.topic
        self.attempt = run.attempts
        self.owner = owner
        self.cancel_requested = False
        self.lost = False
        self._callbacks: list[Callable[[], None]] = []
        self._written: tuple[str | None, datetime] = (None, now() - timedelta(hours=1))

    @property
    def is_cancelled(self) -> bool:
        """Tell whether the work shall stop, because somebody asked for it or because the lease is lost."""
        return self.cancel_requested or self.lost

    def check(self) -> None:
        """Stop here when the work shall stop."""
        if self.lost:
            raise Lost
        if self.cancel_requested:
            raise Cancelled

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Call this, from another thread, the moment the work shall stop."""
        self._callbacks.append(callback)

    def report(
        self, *, phase: str | None = None, progress: int | None = None, message: str | None = None
    ) -> None:
        """Say how far the work is; it is the sign of life too. Written at each phase and once a second."""
        self.check()
        last_phase, written_at = self._written
        moment = now()
        if phase in (None, last_phase) and moment - written_at < timedelta(seconds=1):
            return
        values: dict[str, Any] = {"last_sign_of_life_at": moment}
        if phase is not None:
            values["phase"] = phase
        if progress is not None:
            values["progress"] = progress
        if message is not None:
            values["message"] = message[:500]
        with transaction():
            held = session.execute(
                update(Run).where(Run.id == self.run_id, Run.lease_owner == self.owner).values(**values)
            )
            changed(self.topic)
        if held.rowcount != 1:  # type: ignore[attr-defined]
            self._stop(lost=True)
            raise Lost
        self._written = (phase or last_phase, moment)

    def _stop(self, *, lost: bool) -> None:
        if self.is_cancelled:
            return
        self.lost, self.cancel_requested = lost, not lost
        for callback in self._callbacks:
            callback()

    def beat(self) -> None:
        """Renew the lease, or learn that the work shall stop."""
        moment = now()
        with unit_of_work(), transaction():
            held = session.execute(
                update(Run)
                .where(Run.id == self.run_id, Run.lease_owner == self.owner)
                .values(lease_until=moment + timedelta(seconds=installation().lease_seconds))
            )
        if held.rowcount != 1:  # type: ignore[attr-defined]
            self._stop(lost=True)

    def look(self) -> None:
        """Learn whether somebody asked for an end."""
        with unit_of_work():
            row = session.execute(
                select(Run.cancel_requested_at, Run.lease_owner).where(Run.id == self.run_id)
            ).first()
        if row is None or row.lease_owner != self.owner:
            self._stop(lost=True)
        elif row.cancel_requested_at is not None:
            self._stop(lost=False)


_current: ContextVar[RunHandle | None] = ContextVar("run", default=None)


def current() -> RunHandle:
    """Return the run that this job works on."""
    handle = _current.get()
    if handle is None:
        raise RuntimeError("there is no run here: this is not a job")
    return handle


def take(run_id: UUID) -> RunHandle | None:
    """Take a queued run by compare-and-set; None when it is no longer to be taken."""
    owner = token(12)
    moment = now()
    with transaction():
        run = session.get(Run, run_id, populate_existing=True)
        if run is None or run.state is not RunState.QUEUED:
            return None
        won = session.execute(
            update(Run)
            .where(Run.id == run_id, Run.state == RunState.QUEUED)
            .values(
                state=RunState.RUNNING,
                attempts=Run.attempts + 1,
                lease_owner=owner,
                lease_until=moment + timedelta(seconds=installation().lease_seconds),
                last_sign_of_life_at=moment,
                deadline_at=moment + timedelta(seconds=run.seconds),
                started_at=run.started_at or moment,
            )
        )
        changed(run.topic)
        if won.rowcount != 1:  # type: ignore[attr-defined]
            return None
        session.refresh(run)
    return RunHandle(run, owner)


@contextmanager
def held(handle: RunHandle) -> Iterator[RunHandle]:
    """Keep the lease of a taken run alive while the block works."""
    over = threading.Event()

    def beat() -> None:
        every = max(1, int(installation().lease_seconds / 3 / CANCEL_CHECK_SECONDS))
        ticks = 0
        while not over.wait(CANCEL_CHECK_SECONDS):
            ticks += 1
            try:
                handle.beat() if ticks % every == 0 else handle.look()
            except Exception:
                log.warning("could not renew the lease of run %s", handle.run_id, exc_info=True)

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    mark = _current.set(handle)
    thread.start()
    try:
        yield handle
    finally:
        over.set()
        thread.join()
        _current.reset(mark)


def work(handle: RunHandle, job: Callable[[], None], *, ring: Callable[[Run], None]) -> None:
    """Do a taken run's work and write its end, whichever it is."""
    failed: Failed | None = None
    again = False
    state = RunState.DONE
    with held(handle):
        try:
            job()
        except Lost:
            return
        except Cancelled:
            state = RunState.CANCELLED
        except Failed as trouble:
            state, failed = RunState.FAILED, trouble
        except DomainError as trouble:
            state, failed = RunState.FAILED, Failed(trouble.code, trouble.message, trouble.suggestion)
        except Exception:
            log.exception("run %s broke", handle.run_id)
            again, state = True, RunState.FAILED
            failed = Failed(
                "internal_error",
                "Greenroom itself made a mistake here; it is in the log with this run's id.",
                "Try again. If it happens twice, tell whoever runs this installation.",
            )
    if handle.lost:
        return
    run = session.get_one(Run, handle.run_id, populate_existing=True)
    if handle.cancel_requested and state is not RunState.DONE:
        state, failed, again = RunState.CANCELLED, None, False
    if again and run.attempts < run.most_attempts:
        requeue(run, ring=ring, owner=handle.owner)
    else:
        _end(run, state, failed, owner=handle.owner)


def requeue(run: Run, *, ring: Callable[[Run], None], owner: str | None = None) -> bool:
    """Put a run back in its queue for another attempt."""
    with transaction():
        conditions = [Run.id == run.id, Run.state == RunState.RUNNING]
        if owner is not None:
            conditions.append(Run.lease_owner == owner)
        won = session.execute(
            update(Run)
            .where(*conditions)
            .values(
                state=RunState.QUEUED,
                lease_owner=None,
                lease_until=None,
                message="Starting again: the process that worked on it went away.",
                deadline_at=now() + LONGEST_IN_QUEUE,
            )
        )
        if won.rowcount == 1:  # type: ignore[attr-defined]
            session.refresh(run)
            changed(run.topic)
            ring(run)
            return True
    return False


# --- sweeping --------------------------------------------------------------------------------------------


class Lock(Base):
    """A lock over all machines, held for a short time by one."""

    __tablename__ = "locks"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(64))
    until: Mapped[datetime | None]


@contextmanager
def exclusively(name: str, *, seconds: float) -> Iterator[bool]:
    """Hold the lock `name` over all machines; gives False when somebody else holds it."""
    holder, moment = token(9), now()
    with transaction():
        if session.get(Lock, name) is None:
            session.add(Lock(name=name))
    with transaction():
        won = (
            session.execute(
                update(Lock)
                .where(Lock.name == name, or_(Lock.until.is_(None), Lock.until < moment))
                .values(holder=holder, until=moment + timedelta(seconds=seconds))
            ).rowcount  # type: ignore[attr-defined]
            == 1
        )
    try:
        yield won
    finally:
        if won:
            with transaction():
                session.execute(
                    update(Lock)
                    .where(Lock.name == name, Lock.holder == holder)
                    .values(holder=None, until=None)
                )


def sweep(*, ring: Callable[[Run], None]) -> int:
    """End or requeue what nobody holds, wake what was never heard, expire what is over; count it."""
    done = 0
    with exclusively("sweeper", seconds=60) as mine:
        if not mine:
            return 0
        moment = now()
        overdue = select(Run).where(Run.state.in_(OPEN), Run.deadline_at < moment)
        for run in session.scalars(overdue).all():
            done += fail(run, _too_late(run))
        orphaned = select(Run).where(Run.state == RunState.RUNNING, Run.lease_until < moment)
        for run in session.scalars(orphaned).all():
            done += _adopt(run, ring)
        unheard = moment - timedelta(seconds=installation().sweep_seconds)
        silent = select(Run).where(
            Run.state == RunState.QUEUED, or_(Run.rung_at.is_(None), Run.rung_at < unheard)
        )
        for run in session.scalars(silent).all():
            with transaction():
                ring(run)
    return done


def _too_late(run: Run) -> Failed:
    if run.state is RunState.WAITING:
        return Failed(
            "expired", "Nobody did what this was waiting for in time.", run.next_step or "Start it again."
        )
    if run.state is RunState.QUEUED:
        return Failed(
            "never_started",
            "No worker took this within an hour.",
            "Ask whoever runs this installation whether its workers are alive, then start it again.",
        )
    return Failed(
        "timed_out",
        f"This took longer than the {run.seconds} seconds it may take and was stopped.",
        "Look at the end of the log for what it was waiting for, then start it again.",
    )


def _adopt(run: Run, ring: Callable[[Run], None]) -> bool:
    """Requeue or end a run whose lease ran out, unless it was renewed meanwhile."""
    with transaction():
        session.refresh(run)
        if run.state is not RunState.RUNNING or run.lease_until is None or run.lease_until >= now():
            return False
        if run.cancel_requested_at is not None:
            return _end(run, RunState.CANCELLED, None)
        if run.attempts < run.most_attempts:
            return requeue(run, ring=ring)
        return fail(
            run,
            Failed(
                "worker_lost",
                "The process that worked on this went away and did not come back.",
                "Start it again. If it happens twice, the machine may be short of memory.",
            ),
        )


def disagreements() -> list[str]:
    """Say where the ledger contradicts itself: open runs that nobody holds and nobody swept."""
    moment = now()
    slack = timedelta(seconds=installation().sweep_seconds * 2 + 5)
    found = [
        f"run {run.id} ({run.kind}) says running, but its lease ended at {run.lease_until}"
        for run in session.scalars(
            select(Run).where(Run.state == RunState.RUNNING, Run.lease_until < moment - slack)
        )
    ]
    found += [
        f"run {run.id} ({run.kind}) is past its deadline of {run.deadline_at} and not ended"
        for run in session.scalars(select(Run).where(Run.state.in_(OPEN), Run.deadline_at < moment - slack))
    ]
    return found
