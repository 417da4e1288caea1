"""Sweeping: what nobody holds any more is requeued or ended, what is over expires."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Failed
from app.core.installation import installation
from app.core.ledger.book import end, fail
from app.core.ledger.runs import OPEN, Run, RunState, exclusively
from app.core.ledger.working import requeue


def sweep(*, ring: Callable[[Run], None]) -> int:
    """End or requeue what nobody holds, wake what was never heard, expire what is over; count it."""
    done = 0
    with exclusively("sweeper") as mine:
        if not mine:
            return 0
        moment = now()
        overdue = select(Run).where(Run.state.in_(OPEN), Run.deadline_at < moment)
        for run in session.scalars(overdue).all():
            done += fail(run, _too_late(run))
        orphaned = select(Run).where(Run.state == RunState.RUNNING, Run.lease_until < moment)
        for run in session.scalars(orphaned).all():
            done += _adopt(run, ring)
        before = moment - timedelta(seconds=installation().sweep_seconds)
        silent = (
            select(Run)
            .where(Run.state == RunState.QUEUED, or_(Run.rung_at.is_(None), Run.rung_at < before))
            .order_by(Run.created_at, Run.id)  # who asked first is heard first, also by an emptied queue
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
            return end(run, RunState.CANCELLED, None)
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


def patience() -> timedelta:
    """Return how long something may be on its way to the truth before it counts as untrue."""
    here = installation()
    return timedelta(seconds=2 * here.sweep_seconds + here.reconcile_seconds + 5)


def is_overdue(since: datetime | None) -> bool:
    """Tell whether something that began to become true at a moment should be true by now."""
    return since is None or since < now() - patience()


def is_ending(run: Run) -> bool:
    """Tell whether somebody asked for a run's end and its worker is still at it."""
    return run.is_open and run.cancel_requested_at is not None and not is_overdue(run.cancel_requested_at)


def disagreements() -> list[str]:
    """Say where the ledger contradicts itself: open runs that nobody holds and nobody swept."""
    overdue = now() - patience()
    found = [
        f"Run {run.id} ({run.kind}) says running, but its lease ended at {run.lease_until:%H:%M:%S}."
        for run in session.scalars(
            select(Run).where(Run.state == RunState.RUNNING, Run.lease_until < overdue)
        )
    ]
    found += [
        f"Run {run.id} ({run.kind}) is past its deadline of {run.deadline_at:%H:%M:%S} and not ended."
        for run in session.scalars(select(Run).where(Run.state.in_(OPEN), Run.deadline_at < overdue))
    ]
    return found


def unheard() -> list[Run]:
    """Return the queued runs that nobody rang for lately, though the sweeper should have."""
    overdue = now() - patience()
    silent = or_(Run.rung_at.is_(None), Run.rung_at < overdue)
    return list(
        session.scalars(select(Run).where(Run.state == RunState.QUEUED, Run.created_at < overdue, silent))
    )
