"""Owns this machine's instances: reads the wishes, starts and ends processes, writes what became of them."""

import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields

from sqlalchemy import and_, not_, or_, select, update
from sqlalchemy.engine import CursorResult

from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction, unit_of_work
from app.core.events import announce
from app.core.installation import installation
from app.engine.instances import Desired, Instance, InstanceMoved, InstanceState
from app.engine.keeper import facts
from app.engine.keeper.kept import Kept, Phase
from app.engine.keeper.wish import Wish

log = logging.getLogger(__name__)

BUSY_TICK = 0.03
QUIET_TICK = 1.0
LOOK_SECONDS = 2.0
MOST_STARTING = 4
LEFTOVER_SECONDS = 5.0

_COLUMNS = [getattr(Instance, each.name) for each in fields(Wish)]
_AT_WORK = {Phase.STARTING, Phase.STOPPING, Phase.PAUSING}
_STATE_OF = {Desired.ASLEEP: InstanceState.ASLEEP, Desired.GONE: InstanceState.GONE}


class Owner:
    """The keeper's main thread. Nothing else starts an instance, so nothing outlives it unseen."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._checks = ThreadPoolExecutor(4, thread_name_prefix="health")
        self._next_look = 0.0

    def ring(self) -> None:
        """Look at the wishes at once; may be called from any thread."""
        self._bell.set()

    def stop(self) -> None:
        """End every instance and return from `run`; may be called from a signal's handler."""
        self._stopping.set()
        self._bell.set()

    def begin(self) -> None:
        """Remove what another keeper's end left behind, and take back what the rows said of it."""
        _end_leftovers()
        untrue = and_(
            Instance.state.in_([InstanceState.RUNNING, InstanceState.STARTING]),
            Instance.desired == Desired.RUNNING,
        )
        with unit_of_work(), transaction():
            session.execute(
                update(Instance)
                .where(untrue)
                .values(state=InstanceState.STARTING, pid=None, pid_ticks=None, memory_bytes=None)
            )

    def run(self) -> None:
        """Go round until told to stop, then end everything and see it ended."""
        while not self._stopping.is_set():
            self._bell.wait(self._pause())
            try:
                self._go_round()
            except Exception:
                log.exception("a round of the keeper failed; the next one follows")
                self._stopping.wait(1)
        self._end_all()
        self._checks.shutdown(wait=False, cancel_futures=True)

    def _pause(self) -> float:
        return BUSY_TICK if any(kept.phase in _AT_WORK for kept in self._kept.values()) else QUIET_TICK

    def _go_round(self) -> None:
        if self._bell.is_set() or time.monotonic() >= self._next_look:
            self._bell.clear()
            self._next_look = time.monotonic() + LOOK_SECONDS
            self._compare(_wishes())
        for kept in list(self._kept.values()):
            kept.step()
            if kept.truth:
                self._write(kept)
            if kept.is_idle():
                self._put_to_sleep(kept.wish)
            if kept.phase is Phase.OVER and not kept.truth:
                del self._kept[kept.wish.label]
                self._bell.set()  # there is room for the next one

    def _compare(self, wishes: Sequence[Wish]) -> None:
        """Bring what is kept in line with what is wished."""
        for wish in wishes:
            kept = self._kept.get(wish.label)
            if wish.desired is not Desired.RUNNING:
                self._let_go(kept, wish)
            elif kept is not None:
                if kept.phase is Phase.STOPPING or kept.phase is Phase.OVER:
                    continue
                if (kept.wish.id, kept.wish.version) == (wish.id, wish.version):
                    kept.see(wish)
                else:
                    kept.stop(None)  # and start anew, as wished now, once it is over
            elif wish.state is not InstanceState.FAILED and self._has_room():
                kept = self._kept[wish.label] = Kept(wish, self._checks)
                kept.start()
        known = {wish.label for wish in wishes}
        for label, kept in self._kept.items():
            if label not in known:
                kept.stop(None)

    def _has_room(self) -> bool:
        starting = sum(kept.phase is Phase.STARTING for kept in self._kept.values())
        return starting < MOST_STARTING

    def _let_go(self, kept: Kept | None, wish: Wish) -> None:
        state = _STATE_OF[wish.desired]
        if kept is not None:
            kept.stop(state, wish)
        elif wish.state is not state:
            _tell(wish, {"state": state, "pid": None, "pid_ticks": None})

    def _write(self, kept: Kept) -> None:
        _tell(kept.wish, kept.truth)
        kept.truth = {}

    def _put_to_sleep(self, wish: Wish) -> None:
        """Wish for sleep in everybody's name, unless a visit or another wish came between."""
        nobody = or_(Instance.last_visit_at.is_(None), Instance.last_visit_at == wish.last_visit_at)
        with unit_of_work(), transaction():
            session.execute(
                update(Instance)
                .where(Instance.id == wish.id, Instance.version == wish.version, nobody)
                .values(desired=Desired.ASLEEP, version=Instance.version + 1)
            )
        self._bell.set()

    def _end_all(self) -> None:
        """Ask all of them at once, and wait until each is seen empty."""
        for kept in self._kept.values():
            kept.stop(InstanceState.STARTING, grace=2)
        deadline = time.monotonic() + 8
        while self._kept and time.monotonic() < deadline:
            for kept in list(self._kept.values()):
                kept.step()
                if kept.phase is Phase.OVER:
                    del self._kept[kept.wish.label]
                    with suppress(Exception):  # the next keeper sets it right
                        self._write(kept)
            time.sleep(BUSY_TICK)


def _wishes() -> list[Wish]:
    """Read what shall be, production first, then what was visited last."""
    over = and_(Instance.desired == Desired.GONE, Instance.state == InstanceState.GONE)
    with unit_of_work():
        rows = session.execute(select(*_COLUMNS).where(not_(over))).all()
    wishes = [Wish(*row) for row in rows]
    wishes.sort(key=lambda wish: wish.last_visit_at.timestamp() if wish.last_visit_at else 0, reverse=True)
    wishes.sort(key=lambda wish: wish.purpose != "app")
    return wishes


def _tell(wish: Wish, truth: dict[str, object]) -> None:
    """Write what is so, unless the wish it is about was replaced meanwhile."""
    state = truth.get("state")
    with unit_of_work(), transaction():
        written = session.execute(
            update(Instance)
            .where(Instance.id == wish.id, Instance.version == wish.version)
            .values(**truth, updated_at=now())
        )
        if isinstance(written, CursorResult) and written.rowcount and isinstance(state, InstanceState):
            announce(InstanceMoved(wish.label, wish.purpose, wish.subject_id, state))
            changed(f"instance:{wish.label}")


def _end_leftovers() -> None:
    """Kill every process with our mark and remove every socket: no living keeper owns them."""
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while time.monotonic() < deadline:
        left = [pid for pids in facts.marked_processes().values() for pid in pids]
        if not left:
            break
        log.warning("ending %d processes that an earlier keeper left behind", len(left))
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    sockets = installation().run / "i"
    if sockets.is_dir():
        for path in sockets.glob("*.sock"):
            path.unlink(missing_ok=True)
