"""Who waits for a change is woken by it: one listener a process, the database stays the truth."""

import contextlib
import logging
import threading
from collections import defaultdict
from collections.abc import Iterator

import redis

from app.core.db import after_commit
from app.core.installation import installation

log = logging.getLogger(__name__)

CHANNEL = "greenroom:changed"
MOST_WAITING = 200


def connection(*, patience: float | None = None) -> "redis.Redis":
    """Return a connection to the queue's server, made anew so that no fork shares one.

    Without `patience`, in seconds, it waits two to be connected and then for an answer as long as it takes.
    """
    return redis.Redis.from_url(
        installation().redis_url,
        socket_connect_timeout=patience or 2,
        socket_timeout=patience,
        health_check_interval=15,
    )


def changed(topic: str) -> None:
    """Wake those who wait for `topic`, once it is committed. A lost wake-up costs only time."""

    def publish() -> None:
        with contextlib.suppress(redis.RedisError):
            _publisher().publish(CHANNEL, topic)

    after_commit(publish)


_publishers: dict[int, "redis.Redis"] = {}


def _publisher() -> "redis.Redis":
    import os

    pid = os.getpid()
    if pid not in _publishers:
        _publishers.clear()
        _publishers[pid] = connection()
    return _publishers[pid]


class Listener:
    """The one subscription of a process, and the events of those who wait in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[threading.Event]] = defaultdict(set)
        self._count = 0
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def listening(self, topic: str) -> Iterator[threading.Event | None]:
        """Give an event that is set on each change of `topic`; None when too many wait already."""
        woken = threading.Event()
        with self._lock:
            if self._count >= MOST_WAITING:
                full = True
            else:
                full = False
                self._count += 1
                self._waiting[topic].add(woken)
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._listen, name="changes", daemon=True)
                    self._thread.start()
        if full:
            yield None
            return
        try:
            yield woken
        finally:
            with self._lock:
                self._count -= 1
                self._waiting[topic].discard(woken)
                if not self._waiting[topic]:
                    del self._waiting[topic]

    def _listen(self) -> None:
        pause = threading.Event()
        while True:
            try:
                with connection() as server, server.pubsub(ignore_subscribe_messages=True) as subscription:
                    subscription.subscribe(CHANNEL)
                    self._wake_all()  # what was said while we were away
                    while True:
                        message = subscription.get_message(timeout=30)
                        if message:
                            self._wake(message["data"].decode())
            except (redis.RedisError, OSError, ValueError):
                log.info("the queue's server is away; waiting answers fall back to their time-out")
                pause.wait(1)

    def _wake(self, topic: str) -> None:
        with self._lock:
            for woken in self._waiting.get(topic, ()):
                woken.set()

    def _wake_all(self) -> None:
        with self._lock:
            for waiting in self._waiting.values():
                for woken in waiting:
                    woken.set()


listener = Listener()
