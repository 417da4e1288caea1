"""Saying what shall run. Nothing here starts a process: the keeper reads the wish when the bell rings."""

import json
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from app.core.clock import now
from app.core.db import after_commit, db, let_go, session, transaction
from app.core.errors import Cancelled, Failed
from app.core.installation import installation
from app.engine.instances.models import Desired, Instance, InstanceState

RING_SECONDS = 0.5
LOOK_SECONDS = 0.1


def want(
    label: str,
    *,
    purpose: str,
    subject_id: object,
    folder: Path,
    command: str,
    env: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    port: int = 8080,
    health: str = "/",
    limits: Mapping[str, int] | None = None,
    outbound: bool = True,
    idle_seconds: int | None = None,
    start_seconds: int | None = None,
    log_path: Path,
) -> Instance:
    """Wish for an instance; one of this name that runs already is replaced.

    `secrets` join its environment, but no log shows their values and the database cannot read them.
    """
    with transaction():
        instance = session.scalars(select(Instance).where(Instance.label == label)).one_or_none()
        if instance is None:
            instance = Instance(label=label, version=0)
            session.add(instance)
        instance.purpose, instance.subject_id = purpose, str(subject_id)
        instance.folder, instance.command, instance.env = str(folder), command, dict(env or {})
        instance.secrets = dict(secrets) if secrets else None
        instance.port, instance.health = port, health
        instance.limits = dict(limits) if limits else None
        instance.outbound = outbound
        instance.idle_seconds = idle_seconds
        instance.start_seconds = start_seconds or installation().start_seconds
        instance.log_path = str(log_path)
        instance.desired, instance.state = Desired.RUNNING, InstanceState.STARTING
        instance.ready_at = instance.started_at = instance.last_visit_at = None
        instance.restarts = 0
        instance.error_code = instance.error_message = instance.error_suggestion = instance.error_lines = None
        instance.version += 1
        session.flush()  # a second instance of the same name is refused here, not at the end
        after_commit(ring_keeper)
    return instance


def remove(label: str) -> None:
    """Wish that an instance ends for good."""
    _wish(label, Desired.GONE, unless=(Desired.GONE,))


def forget_gone(purpose: str) -> None:
    """Take out the instances of a purpose that shall be gone and are."""
    over = (Instance.desired == Desired.GONE, Instance.state == InstanceState.GONE)
    with transaction():
        session.execute(delete(Instance).where(Instance.purpose == purpose, *over))


def sleep(label: str) -> None:
    """Wish that an instance ends until somebody visits it."""
    _wish(label, Desired.ASLEEP, unless=(Desired.GONE, Desired.ASLEEP))


def wake(label: str) -> None:
    """Wish that a sleeping instance starts."""
    _wish(label, Desired.RUNNING, unless=(Desired.GONE, Desired.RUNNING), state=InstanceState.STARTING)


def restart(label: str) -> None:
    """Wish that an instance ends and starts anew, whatever it does."""
    clean = dict.fromkeys(("error_code", "error_message", "error_suggestion", "error_lines"))
    _wish(label, Desired.RUNNING, unless=(Desired.GONE,), state=InstanceState.STARTING, restarts=0, **clean)


def let_sleep_after(label: str, seconds: int | None) -> None:
    """Say how long an instance waits for visitors before it sleeps; None lets it wait for ever."""
    with transaction():
        session.execute(update(Instance).where(Instance.label == label).values(idle_seconds=seconds))
        after_commit(ring_keeper)


def note_visit(label: str) -> None:
    """Count as if somebody came just now."""
    with transaction():
        session.execute(update(Instance).where(Instance.label == label).values(last_visit_at=now()))


def _wish(label: str, desired: Desired, *, unless: tuple[Desired, ...], **more: Any) -> None:
    with transaction():
        session.execute(
            update(Instance)
            .where(Instance.label == label, Instance.desired.not_in(unless))
            .values(desired=desired, version=Instance.version + 1, updated_at=now(), **more)
        )
        after_commit(ring_keeper)


def ring_keeper() -> None:
    """Tell the keeper to look at once; where it is away it will look when it is back."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(RING_SECONDS)
            line.connect(str(installation().keeper_socket))
            line.sendall(json.dumps({"op": "poke"}).encode() + b"\n")
            line.recv(64)  # so that it has read the line before we hang up
    except OSError:
        return


def await_ready(label: str, timeout: float, cancelled: Callable[[], bool] = lambda: False) -> Instance:
    """Wait until an instance answers its health check; raises Failed with its reason when it will not."""
    let_go()
    deadline = time.monotonic() + timeout
    while True:
        state, desired = _look(label)
        if state is InstanceState.RUNNING:
            return _read(label)
        if state in {InstanceState.FAILED, InstanceState.GONE} or desired is Desired.GONE:
            raise why_it_failed(label)
        if cancelled():
            raise Cancelled
        if time.monotonic() > deadline:
            raise Failed(
                "start_timeout",
                f"It did not answer within {timeout:g} seconds.",
                "Read its log; if it needs longer to start, say so, or try again.",
            )
        time.sleep(LOOK_SECONDS)


def _look(label: str) -> tuple[InstanceState | None, Desired | None]:
    with db.engine.connect() as connection:
        found = connection.execute(
            select(Instance.state, Instance.desired).where(Instance.label == label)
        ).one_or_none()
    if found is None:
        raise Failed("gone", "It was removed while it started.")
    return found.state, found.desired


def _read(label: str) -> Instance:
    found = session.scalars(
        select(Instance).where(Instance.label == label).execution_options(populate_existing=True)
    ).one()
    let_go()
    return found


def state_of(label: str) -> InstanceState | None:
    """Return what an instance is, as the keeper said last."""
    return session.scalar(select(Instance.state).where(Instance.label == label))


def is_given_up(label: str) -> bool:
    """Tell whether an instance is down and nobody, neither keeper nor visitor, starts it again."""
    found = session.execute(select(Instance.state, Instance.desired).where(Instance.label == label)).first()
    return found is None or found.state is InstanceState.FAILED or found.desired is Desired.GONE


def why_it_failed(label: str) -> Failed:
    """Return the reason for which an instance is down, with the lines that matter."""
    instance = _read(label)
    if instance.state is not InstanceState.FAILED:
        return Failed("gone", "It was removed while it started.")
    return Failed(
        instance.error_code or "start_failed",
        instance.error_message or "It did not start.",
        instance.error_suggestion,
        instance.error_lines or (),
    )
