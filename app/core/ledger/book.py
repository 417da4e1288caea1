"""Writing runs and their ends, and reading them back, for the operations of the features."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update

from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Failed
from app.core.ledger.runs import OPEN, Run, RunState

LONGEST_IN_QUEUE = timedelta(hours=1)

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


def seconds_spent(runs: Select[Any], *, since: datetime, until: datetime) -> float:
    """Return how long the runs of some ids worked that began in a span of time, those at work until now."""
    spans = session.execute(
        select(Run.started_at, Run.ended_at).where(
            Run.id.in_(runs), Run.started_at >= since, Run.started_at < until
        )
    )
    moment = now()
    return sum(
        ((ended or moment) - started).total_seconds() for started, ended in spans if started is not None
    )


def is_waited_for(queue: str, *, but: str) -> bool:
    """Tell whether something of another kind than `but` waits for the worker of a queue."""
    waiting = select(Run.id).where(Run.queue == queue, Run.state == RunState.QUEUED, Run.kind != but)
    return session.scalar(waiting.limit(1)) is not None


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
    return end(run, RunState.DONE, None)


def fail(run: Run, failed: Failed) -> bool:
    """End a run badly, with its reason; its feature hears of it in the same transaction."""
    return end(run, RunState.FAILED, failed)


def lock(run: Run) -> None:
    """Read a run as it is and keep it so until this transaction ends: worker and canceller take turns."""
    session.refresh(run, with_for_update=True)


def cancel(run: Run) -> None:
    """Ask a run to stop. What nobody works on ends now; a worker kills its work first, then says so."""
    with transaction():
        lock(run)
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
            end(run, RunState.CANCELLED, None)


def end(run: Run, state: RunState, failed: Failed | None, *, owner: str | None = None) -> bool:
    """Write the end of a run, once; its feature hears of a bad one in the same transaction."""
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
