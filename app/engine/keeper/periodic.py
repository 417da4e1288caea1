"""Runs what is due again and again: each pace has one thread, since even one that waits costs memory."""

import heapq
import logging
import threading
import time
from collections.abc import Sequence

from app.engine.keeper.hooks import Periodic

log = logging.getLogger(__name__)

STAGGER_SECONDS = 0.3
SELDOM_SECONDS = 60  # what is due no more often than that is of one pace


class Clockwork:
    """The threads that call the periodic things until the keeper ends."""

    def __init__(self, periodic: Sequence[Periodic]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._go, args=(lane, number * STAGGER_SECONDS), name=lane[0].name, daemon=True
            )
            for number, lane in enumerate(_lanes(periodic))
        ]

    def start(self) -> None:
        """Call each of them soon, then at its own pace."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> None:
        """Begin nothing new, and give what runs a moment to end."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(seconds / max(len(self._threads), 1))

    def _go(self, lane: Sequence[Periodic], pause: float) -> None:
        first = time.monotonic() + pause
        due = [(first + number * STAGGER_SECONDS, number, each) for number, each in enumerate(lane)]
        while not self._stopping.wait(max(0.0, due[0][0] - time.monotonic())):
            _, number, each = due[0]
            try:
                each.do()
            except Exception:
                log.exception("%s failed; it is tried again in %g s", each.name, each.seconds)
            heapq.heapreplace(due, (time.monotonic() + each.seconds, number, each))


def _lanes(periodic: Sequence[Periodic]) -> list[list[Periodic]]:
    """Return what runs one after the other, for each thread."""
    lanes: dict[str | float, list[Periodic]] = {}
    for each in periodic:
        lane = each.name if each.is_alone else min(each.seconds, SELDOM_SECONDS)
        lanes.setdefault(lane, []).append(each)
    return list(lanes.values())
