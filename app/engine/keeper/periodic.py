"""Runs what is due again and again, each on a thread of its own, none able to stop another."""

import logging
import threading
from collections.abc import Sequence

from app.engine.keeper.hooks import Periodic

log = logging.getLogger(__name__)

STAGGER_SECONDS = 0.3


class Clockwork:
    """The threads that call the periodic things until the keeper ends."""

    def __init__(self, periodic: Sequence[Periodic]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._go, args=(each, number * STAGGER_SECONDS), name=each.name, daemon=True
            )
            for number, each in enumerate(periodic)
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

    def _go(self, each: Periodic, pause: float) -> None:
        while not self._stopping.wait(pause):
            pause = each.seconds
            try:
                each.do()
            except Exception:
                log.exception("%s failed; it is tried again in %g s", each.name, each.seconds)
