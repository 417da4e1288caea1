"""The worker: one process a queue, whose work dies with it.

Each costs memory, so that those for builds and agents are there only while there is something to do, and a
while longer; the supervisor looks into their queues meanwhile.
"""

import logging
import os
import socket
from functools import cache

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from rq import Queue
from rq import Worker as QueueWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from app.cli import processes
from app.cli.supervisor import Child
from app.core import db
from app.core.changes import connection
from app.core.installation import installation

log = logging.getLogger(__name__)

TTL_SECONDS = 30  # a worker that was killed counts as alive for so long
MONITORING_SECONDS = 5
MAINTENANCE_SECONDS = 20
LOOK_PATIENCE = 0.5  # of the supervisor, which has others to keep alive meanwhile


class Worker(QueueWorker):
    """Takes jobs from one queue; a job's process ends with the worker, and no thread stands in its way."""

    def subscribe(self) -> None:
        """Listen to no commands: the ledger carries what is cancelled, and threads make forking unsafe."""

    def unsubscribe(self) -> None:
        """There is nothing to leave."""

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Fork the process that does the job, knowing whose child it is."""
        self._owner = os.getpid()
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do the job in the forked process."""
        processes.die_with_parent(self._owner)
        processes.be_named(f"gr-job-{queue.name}")
        db.forget_connections()
        super().main_work_horse(job, queue)


def children(*, grace: float) -> list[Child]:
    """Return the workers to keep; where it is set so, those for long things are there only at times."""
    idle_seconds = installation().worker_idle_seconds

    def at_times(queue: str) -> Child:
        return Child(
            role=f"worker-{queue}",
            work=lambda: work(queue, idle_seconds or None),
            is_wanted=(lambda: something_waits(queue)) if idle_seconds else None,
            grace=grace,
        )

    always = Child(role="worker-quick", work=lambda: work("quick"), grace=grace)
    return [always, at_times("build"), at_times("agent")]


def something_waits(queue: str) -> bool:
    """Tell whether there is a job to take; False too when the queue's server does not answer.

    Nothing stays open, since the process that asks is one that forks.
    """
    door = _door()
    try:
        return bool(door.llen(f"{Queue.redis_queue_namespace_prefix}{queue}"))
    except redis.RedisError:
        return False
    finally:
        door.connection_pool.disconnect()


@cache
def _door() -> redis.Redis:
    return connection(patience=LOOK_PATIENCE)


def work(queue: str, idle_seconds: int | None = None) -> None:
    """Work on one queue until a signal asks for the end; the job in hand is finished first.

    With `idle_seconds` it ends by itself once there was nothing to do for so long.
    """
    door = connection()
    door.set_retry(Retry(ConstantBackoff(0.2), 10))
    worker = Worker(
        [Queue(queue, connection=door, serializer=JSONSerializer)],
        name=f"{queue}-{socket.gethostname()}-{os.getpid()}",
        connection=door,
        serializer=JSONSerializer,
        worker_ttl=TTL_SECONDS,
        job_monitoring_interval=MONITORING_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING", max_idle_time=idle_seconds)
