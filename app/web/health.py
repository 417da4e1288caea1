"""Is it alive, is it ready, how is it doing."""

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import redis
from flask import Blueprint, Response, jsonify, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from rq.serializers import JSONSerializer
from sqlalchemy import func, select

from app.core import db
from app.core.changes import connection
from app.core.clock import now
from app.core.installation import installation
from app.core.jobs import QUEUES
from app.core.ledger import OPEN, Run
from app.core.secrets import arrival
from app.web import guards

if TYPE_CHECKING:
    from rq import Queue

blueprint = Blueprint("health", __name__)
COMES_WITHIN = 5.0  # seconds, of a worker that sleeps until something waits


@blueprint.get("/healthz")
@guards.public
def healthz() -> Response:
    """Say that this process answers; with `?nonce=`, prove which installation it belongs to."""
    nonce = request.args.get("nonce")
    return jsonify(status="ok", arrival=arrival(nonce)) if nonce else jsonify(status="ok")


@blueprint.get("/readyz")
@guards.public
def readyz() -> Response:
    """Say whether every part is there, and name those that are not (503)."""
    parts = parts_alive()
    missing = [name for name, there in parts.items() if not there]
    answer = jsonify(status="ready" if not missing else "not_ready", parts=parts, missing=missing)
    answer.status_code = 200 if not missing else 503
    return answer


def parts_alive() -> dict[str, bool]:
    """Return which parts of this installation answer, by name."""
    return {
        "database": db.is_reachable(),
        "queue": _queue_answers(),
        **{f"worker-{queue}": alive for queue, alive in _workers().items()},
        "keeper": _answers(installation().keeper_socket),
        "gateway": _gateway_answers(),
    }


@blueprint.get("/metrics")
@guards.public
def metrics() -> Response:
    """Give what Prometheus asks for: how many runs stand where, and how long the oldest waits."""
    registry = CollectorRegistry()
    runs = Gauge("greenroom_runs", "Open runs by kind and state.", ["kind", "state"], registry=registry)
    oldest = Gauge("greenroom_oldest_queued_seconds", "Age of the oldest queued run.", registry=registry)
    counted = (
        select(Run.kind, Run.state, func.count()).where(Run.state.in_(OPEN)).group_by(Run.kind, Run.state)
    )
    for kind, state, count in db.session.execute(counted):
        runs.labels(kind=kind, state=state.value).set(count)
    since = db.session.scalar(select(func.min(Run.created_at)).where(Run.state == "queued"))
    oldest.set((now() - since).total_seconds() if since else 0)
    Gauge("greenroom_web_pid", "Process id of the answering worker.", registry=registry).set(os.getpid())
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


def _queue_answers() -> bool:
    try:
        with connection() as server:
            return bool(server.ping())
    except redis.RedisError:
        return False


def _workers() -> dict[str, bool]:
    from rq import Queue, Worker

    try:
        with connection() as server:
            queues = {name: Queue(name, connection=server, serializer=JSONSerializer) for name in QUEUES}
            return {name: Worker.count(queue=queue) > 0 or _sleeps(queue) for name, queue in queues.items()}
    except redis.RedisError:
        return dict.fromkeys(QUEUES, False)


def _sleeps(queue: "Queue") -> bool:
    """Tell whether nobody need be there: a worker for builds or agents comes when something waits."""
    if queue.name == "quick" or not installation().worker_idle_seconds:
        return False
    waiting = queue.get_jobs(0, 1)
    since = waiting[0].enqueued_at if waiting else None
    return since is None or (now() - since).total_seconds() < COMES_WITHIN


def _gateway_answers() -> bool:
    """Ask it something: its port is held by the supervisor, so that it is open proves nothing."""
    here = installation()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(here.host, here.host)  # noqa: S104 - compared, not bound
    try:
        with socket.create_connection((host, here.gateway_port), timeout=1) as door:
            door.settimeout(1)
            door.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return door.recv(5) == b"HTTP/"
    except OSError:
        return False


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(1)
        try:
            door.connect(str(path))
        except OSError:
            return False
    return True
