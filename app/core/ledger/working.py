"""Working on a run: taken by compare-and-set, its lease kept alive, its end written by whoever holds it."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction, unit_of_work
from app.core.errors import Cancelled, DomainError, Failed
from app.core.ids import token
from app.core.installation import installation
from app.core.ledger.book import LONGEST_IN_QUEUE, end
from app.core.ledger.runs import Run, RunState

log = logging.getLogger(__name__)

CANCEL_CHECK_SECONDS = 0.5


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
        self._unsaid: dict[str, Any] = {}

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
        values: dict[str, Any] = {"last_sign_of_life_at": moment}
        if phase is not None:
            values["phase"] = phase
        if progress is not None:
            values["progress"] = progress
        if message is not None:
            values["message"] = message[:500]
        if phase in (None, last_phase) and moment - written_at < timedelta(seconds=1):
            self._unsaid = values  # the lease's thread says it, should nothing follow
            return
        self._unsaid = {}
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

    def settle(self) -> None:
        """Stop here when the work shall stop; called first in the transaction that writes its result.

        Who asks for an end is heard up to this moment, and told that it is too late from here on.
        """
        row = session.execute(
            select(Run.cancel_requested_at, Run.lease_owner).where(Run.id == self.run_id).with_for_update()
        ).first()
        self._hear(row)
        self.check()

    def beat(self) -> None:
        """Renew the lease, say what was not said yet, or learn that the work shall stop."""
        moment, unsaid = now(), self._unsaid
        self._unsaid = {}
        with unit_of_work(), transaction():
            held = session.execute(
                update(Run)
                .where(Run.id == self.run_id, Run.lease_owner == self.owner)
                .values(lease_until=moment + timedelta(seconds=installation().lease_seconds))
            )
            if unsaid:
                self._say_late(unsaid)
        if held.rowcount != 1:  # type: ignore[attr-defined]
            self._stop(lost=True)

    def _say_late(self, unsaid: dict[str, Any]) -> None:
        """Write what was held back, unless something later was said meanwhile."""
        earlier = Run.last_sign_of_life_at < unsaid["last_sign_of_life_at"]
        session.execute(
            update(Run).where(Run.id == self.run_id, Run.lease_owner == self.owner, earlier).values(**unsaid)
        )
        changed(self.topic)

    def look(self) -> None:
        """Learn whether somebody asked for an end."""
        with unit_of_work():
            row = session.execute(
                select(Run.cancel_requested_at, Run.lease_owner).where(Run.id == self.run_id)
            ).first()
        self._hear(row)

    def _hear(self, row: Row[datetime | None, str | None] | None) -> None:
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
                if ticks % every == 0:
                    handle.beat()
                handle.look()
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
        end(run, state, failed, owner=handle.owner)


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
