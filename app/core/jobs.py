"""Jobs: operations that a worker does later. The row comes first; the queue is only the bell."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.core import ledger
from app.core.changes import connection
from app.core.clock import now
from app.core.db import after_commit, session, transaction, unit_of_work
from app.core.ledger import Run

log = logging.getLogger(__name__)

QUEUES = ("quick", "build", "agent")
_GRACE_SECONDS = 60  # the ledger ends overdue work itself; the queue's own limit comes after it


class Job:
    """An operation marked `@job`: called, it works now; `.later(id)` leaves it to a worker."""

    def __init__(self, function: Callable[[Any], None], *, queue: str, deadline: int, attempts: int) -> None:
        feature = function.__module__.removeprefix("app.").split(".", 1)[0]
        self.function = function
        self.kind = f"{feature}.{function.__name__}"
        self.queue = queue
        self.deadline = deadline
        self.attempts = attempts
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__wrapped__ = function

    def __call__(self, subject_id: UUID | str) -> None:
        self.function(subject_id)

    def later(self, subject_id: UUID | str, *, topic: object = None) -> Run:
        """Write the run now and ring a worker after the commit; a run that still waits is not doubled."""
        with transaction():
            waiting = ledger.open_run(self.kind, subject_id)
            if waiting is not None and waiting.state is ledger.RunState.QUEUED:
                return waiting
            run = ledger.open_queued(
                self.kind,
                subject_id,
                queue=self.queue,
                seconds=self.deadline,
                attempts=self.attempts,
                topic=topic,
            )
            ring(run)
            return run


registry: dict[str, Job] = {}


def job(*, queue: str, deadline: int, attempts: int = 1) -> Callable[[Callable[[Any], None]], Job]:
    """Mark an operation that takes one id, may run twice and has `deadline` seconds in the queue `queue`."""
    if queue not in QUEUES:
        raise ValueError(f"no worker serves the queue {queue!r}")

    def register(function: Callable[[Any], None]) -> Job:
        made = Job(function, queue=queue, deadline=deadline, attempts=attempts)
        registry[made.kind] = made
        return made

    return register


def ring(run: Run) -> None:
    """Note that the bell is rung, and ring it once that is committed."""
    run.rung_at = now()
    session.flush()  # the sweeper reads it
    after_commit(partial(_enqueue, str(run.id), str(run.queue), run.seconds, run.attempts))


def _enqueue(run_id: str, queue_name: str, seconds: int, attempt: int) -> None:
    from redis import RedisError
    from rq import Queue
    from rq.serializers import JSONSerializer

    try:
        queue = Queue(queue_name, connection=_bell(), serializer=JSONSerializer)
        job_id = _job_id(run_id, attempt)
        if job_id in queue.job_ids:
            return
        queue.enqueue_call(
            "app.core.jobs.perform",
            args=(run_id,),
            job_id=job_id,
            timeout=seconds + _GRACE_SECONDS,
            result_ttl=0,
            failure_ttl=int(timedelta(hours=1).total_seconds()),
        )
    except RedisError:
        log.warning("could not ring for run %s; the sweeper rings again", run_id)


def _job_id(run_id: object, attempt: int) -> str:
    return f"{run_id}-{attempt}"


_bells: dict[int, Any] = {}


def _bell() -> Any:
    import os

    if os.getpid() not in _bells:
        _bells.clear()
        _bells[os.getpid()] = connection()
    return _bells[os.getpid()]


def perform(run_id: str) -> None:
    """Take a run and do its job; called by a worker. Safe to be called twice for the same run."""
    with unit_of_work():
        handle = ledger.take(UUID(run_id))
        if handle is None:
            return
        run = session.get_one(Run, handle.run_id)
        work = registry[run.kind]
        ledger.work(handle, partial(work, _subject(run.subject_id)), ring=ring)


def sweep() -> int:
    """Do what the ledger finds undone; called by the keeper each few seconds."""
    return ledger.sweep(ring=ring)


def disagreements() -> list[str]:
    """Say which runs wait for a worker that will never hear of them: their bell is not in the queue."""
    from redis import RedisError
    from rq import Queue
    from rq.serializers import JSONSerializer

    silent = ledger.unheard()
    try:
        heard = {
            job_id
            for name in {str(run.queue) for run in silent}
            for job_id in Queue(name, connection=_bell(), serializer=JSONSerializer).job_ids
        }
    except RedisError:
        return [f"{len(silent)} runs wait for a worker, but the queue does not answer."]
    return [
        f"Run {run.id} ({run.kind}) waits for a worker, but the queue {run.queue} does not know of it."
        for run in silent
        if _job_id(run.id, run.attempts) not in heard
    ]


def _subject(written: str) -> UUID | str:
    """Read back the id that a job was given: a UUID, or a prefixed id as it stands."""
    try:
        return UUID(written)
    except ValueError:
        return written
