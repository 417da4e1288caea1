"""One process a machine: owns its instances, answers the gateway, and runs what is due."""

import fcntl
import logging
import os
import signal
import time
from contextlib import suppress

from app.core.errors import Unavailable
from app.core.installation import installation
from app.engine import sandbox
from app.engine.keeper.control import Control
from app.engine.keeper.hooks import Hooks, Periodic
from app.engine.keeper.owner import Owner
from app.engine.keeper.periodic import Clockwork

__all__ = ["Hooks", "Keeper", "Periodic"]

log = logging.getLogger(__name__)

LOCK_SECONDS = 10.0
CLOCKWORK_SECONDS = 1.0


class Keeper:
    """The main thread owns processes; a thread listens, and one for each periodic thing."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._owner = Owner()

    def run(self) -> None:
        """Keep until SIGTERM or SIGINT; call it from the main thread, since what it starts ends with it."""
        lock = _lock()
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self._owner.stop())
            sandbox.probe()
            self._owner.begin()
            control = Control(installation().keeper_socket, self._hooks, self._owner.ring)
            clockwork = Clockwork(self._hooks.periodic)
            control.start()
            clockwork.start()
            log.info("the keeper keeps")
            self._owner.run()
            clockwork.stop(CLOCKWORK_SECONDS)
            control.stop()
        finally:
            with suppress(OSError):
                os.close(lock)


def _lock() -> int:
    """Take this machine's instances for this process alone."""
    descriptor = os.open(installation().run / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise Unavailable("Another keeper runs from this home already.") from None
            time.sleep(0.2)
        else:
            return descriptor
