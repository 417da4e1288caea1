"""The supervisor: keeps a group of processes alive, stops them in order and leaves none behind.

It is one thread without a connection to anything, so that forking from it is safe; what it has imported is
shared by all of its children.
"""

import contextlib
import gc
import json
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from app.cli import logs, processes
from app.core import supervised

log = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY, SETTLED_AFTER = 0.2, 10.0, 30.0
LOOK_SECONDS = 0.25  # how often those who sleep are asked whether they are wanted
ANSWER_FIRST = 1.5  # whoever asked for a new start is shown a page before it comes
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT}


@dataclass(kw_only=True, eq=False)
class Child:
    """One process of the group: what it does, and when and how patiently it is stopped.

    One with `is_wanted` sleeps, without a process, until that says yes; it may end by itself to sleep again.
    """

    role: str
    work: Callable[[], object]
    is_wanted: Callable[[], bool] | None = None
    stops: int = 0  # those with the lowest number stop first, together
    grace: float = 3.0
    once: bool = False
    keeps: tuple[socket.socket, ...] = ()
    pid: int = 0
    status: int | None = None
    started_at: float = field(default=0.0, init=False)
    due_at: float | None = field(default=None, init=False)
    delay: float = field(default=FIRST_DELAY, init=False)

    @property
    def sleeps(self) -> bool:
        return self.is_wanted is not None and not self.pid and self.due_at is None

    def is_due(self) -> bool:
        """Tell whether to start it now: it ended a while ago, or it sleeps and is wanted."""
        if self.due_at is not None:
            return self.due_at <= time.monotonic()
        return self.is_wanted is not None and not self.pid and self.is_wanted()


class Supervisor:
    """Keeps children alive until somebody asks it to stop."""

    def __init__(self, *, log_folder: Path | None, log_level: str, record: Path | None = None) -> None:
        self.children: list[Child] = []
        self.is_stopping = False
        self.begins_again = False
        self.facts: dict[str, object] = {}
        self._log_folder = log_folder
        self._log_level = log_level
        self._record = record
        self._private: list[int] = []
        self._sockets: list[socket.socket] = []
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        self._hurry = False
        self._is_stopped = False
        self._again_at: float | None = None
        processes.adopt_orphans()
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        for number in processes.HANDLED:
            signal.signal(number, lambda *_: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_stopped:
            self.stop()

    def keep_private(self, descriptor: int) -> None:
        """Name a file that no child may hold open."""
        self._private.append(descriptor)

    def hand_down(self, listener: socket.socket) -> socket.socket:
        """Name a listening socket that only the children who keep it may hold open."""
        self._sockets.append(listener)
        return listener

    # --- living ------------------------------------------------------------------------------------------

    def keep(self, child: Child) -> None:
        """Start a child as soon as it is wanted, which most are at once, and keep it alive from then on."""
        if child.is_wanted is None:
            self.start(child)
        else:
            self.children.append(child)

    def start(self, child: Child) -> Child:
        """Start a child now and keep it alive from here on."""
        if child not in self.children:
            self.children.append(child)
        gc.freeze()  # what is shared stays shared: no collector writes into it
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, processes.HANDLED)
        child.pid = os.fork()
        if child.pid == 0:
            self._live(child, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, processes.HANDLED)
        child.started_at, child.due_at, child.status = time.monotonic(), None, None
        self._write_record()
        return child

    def _live(self, child: Child, parent: int) -> None:
        status = 1
        try:
            os.setpgid(0, 0)  # Ctrl-C reaches the supervisor alone
            processes.die_with_parent(parent)
            processes.be_named(f"gr-{child.role}")
            processes.reset_signals()
            for descriptor in (self._bell.fileno(), self._ear.fileno(), *self._private):
                os.close(descriptor)
            for listener in self._sockets:
                if listener not in child.keeps:
                    listener.close()
            if self._log_folder is not None:
                logs.write_to_file(child.role, self._log_folder / f"{child.role}.log", self._log_level)
            gc.enable()
            child.work()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
            if isinstance(end.code, str):
                log.error("%s", end.code)  # noqa: TRY400 - a sentence for a person, no trace
        except BaseException:
            log.exception("%s ended", child.role)
        finally:
            with contextlib.suppress(Exception):
                logging.shutdown()
            os._exit(status)

    def run_once(self, role: str, work: Callable[[], object]) -> int:
        """Do a piece of work in a process of its own and wait for it; returns its exit status."""
        child = self.start(Child(role=role, work=work, once=True))
        while child.pid and not self.is_stopping:
            self._turn()
        return 1 if child.status is None else child.status

    def run(self) -> None:
        """Keep the children alive until a signal asks for the end, then end them."""
        while not self.is_stopping:
            self._turn()
        self.stop()

    def _turn(self) -> None:
        due = [child.due_at for child in self.children if child.due_at is not None]
        due += [] if self._again_at is None else [self._again_at]
        due += [time.monotonic() + LOOK_SECONDS] if any(child.sleeps for child in self.children) else []
        self._listen(max(0.0, min(due, default=time.monotonic() + 60.0) - time.monotonic()))
        self._reap()
        if self._again_at is not None and self._again_at <= time.monotonic() and not self.is_stopping:
            self.is_stopping = self.begins_again = True
        if not self.is_stopping:
            for child in self.children:
                if child.is_due():
                    self.start(child)

    def _listen(self, seconds: float) -> None:
        if select.select([self._ear], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                numbers = self._ear.recv(4096)
                heard = STOP_SIGNALS.intersection(numbers)
                if supervised.AGAIN in numbers and self._again_at is None:
                    self._again_at = time.monotonic() + ANSWER_FIRST
                self._hurry = self._hurry or (self.is_stopping and signal.SIGHUP not in heard and bool(heard))
                self.is_stopping = self.is_stopping or bool(heard)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                for child in self.children:
                    if child.pid == pid:
                        self._note_end(child, os.waitstatus_to_exitcode(status))

    def _note_end(self, child: Child, status: int) -> None:
        child.pid, child.status = 0, status
        if child.once:
            self.children.remove(child)
        elif not self.is_stopping and (child.is_wanted is None or status != 0):
            if time.monotonic() - child.started_at >= SETTLED_AFTER:
                child.delay = FIRST_DELAY
            child.due_at = time.monotonic() + child.delay
            how = f"signal {-status}" if status < 0 else f"status {status}"
            log.warning("%s ended (%s); it starts again in %.1f s", child.role, how, child.delay)
            child.delay = min(child.delay * 2, LONGEST_DELAY)
        self._write_record()

    # --- ending ------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """End the children in their order, each with its grace, then whatever they left behind."""
        self.is_stopping = True
        for listener in self._sockets:
            listener.close()
        for rank in sorted({child.stops for child in self.children}):
            self._stop_rank([child for child in self.children if child.stops == rank and child.pid])
        self._end_leftovers()
        self._is_stopped = True
        if self._record is not None:
            self._record.unlink(missing_ok=True)

    def _stop_rank(self, rank: list[Child]) -> None:
        _send(rank, signal.SIGTERM)
        asked_at, last = time.monotonic(), max((child.grace for child in rank), default=0.0)
        while any(child.pid for child in rank):
            waited = time.monotonic() - asked_at
            late = [child for child in rank if child.pid and (waited >= child.grace or self._hurry)]
            _send(late, signal.SIGKILL)
            self._listen(min(0.2, max(0.05, last - waited)))
            self._reap()

    def _end_leftovers(self) -> None:
        end = time.monotonic() + 2
        while (left := processes.children()) and time.monotonic() < end:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._listen(0.05)
            self._reap()

    # --- telling -----------------------------------------------------------------------------------------

    def _write_record(self) -> None:
        """Write down who runs, for `doctor`, for the tests and for a second start."""
        if self._record is None:
            return
        roles = {child.role: child.pid for child in self.children if child.pid and not child.once}
        draft = self._record.with_suffix(".new")
        draft.write_text(json.dumps({**self.facts, "pid": os.getpid(), "roles": roles}))
        draft.replace(self._record)


def _send(group: Iterable[Child], number: signal.Signals) -> None:
    for child in group:
        with contextlib.suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(child.pid, number)
            else:
                os.kill(child.pid, number)
