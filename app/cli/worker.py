"""The worker: one process a queue, whose work dies with it."""

import logging
import os
import socket

from redis.backoff import ConstantBackoff
from redis.retry import Retry
from rq import Queue
from rq import Worker as QueueWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from app.cli import processes
from app.core import db
from app.core.changes import connection

log = logging.getLogger(__name__)

TTL_SECONDS = 30  # a worker that was killed counts as alive for so long
MONITORING_SECONDS = 5
MAINTENANCE_SECONDS = 20


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


def work(queue: str) -> None:
    """Work on one queue until a signal asks for the end; the job in hand is finished first."""
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
    worker.work(logging_level="WARNING")
