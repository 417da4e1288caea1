"""A work that runs: followed line by line, held to its limits, ended with all that it started."""

import contextlib
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable

from app.core.errors import Failed
from app.engine.sandbox import measure
from app.engine.sandbox.launch import launch
from app.engine.sandbox.lines import Lines, OnLine
from app.engine.sandbox.work import Ended, Outcome, Sandbox, Work

_TICK = 0.2
_LOOK_SECONDS = 0.5
_MEGABYTE = 1024 * 1024
_REFUSED_TICKS = 15
_SIGNALLED = 128


def nobody_cancels() -> bool:
    return False


class Process:
    """One work from its start to its outcome.

    It ends with the thread it was started from, and with this process. Somebody must `follow` it.
    """

    def __init__(self, work: Work, sandbox: Sandbox, *, on_line: OnLine) -> None:
        self.work = work
        self.outcome: Outcome | None = None
        self._on_line = on_line
        self._began = time.monotonic()
        self._ended: Ended | None = None
        self._is_unwanted = False
        self._is_over = threading.Event()
        self._refused = self._ticks_refused = 0
        self._next_look = 0.0
        self._launch = launch(work, sandbox, on_line)
        if self._launch.popen is None:
            raise Failed("sandbox_failed", "The sandbox did not start.")
        self._popen = self._launch.popen

    @property
    def pid(self) -> int:
        """The number of the outermost process, as this machine sees it."""
        return self._popen.pid

    def follow(self, cancelled: Callable[[], bool] = nobody_cancels) -> Outcome:
        """Read the lines and keep the limits until the work is over; then nothing of it is left."""
        lines = Lines(self._on_line, as_it_comes=self.work.as_it_comes)
        disk = measure.Disk(
            [self.work.folder, *self.work.caches.values()],
            self.work.limits.disk_mb,
            every=20 if self.work.forever else 1,
        )
        try:
            while self._popen.poll() is None:
                if lines.read_from(self._launch.output, _TICK):
                    self._wait(_TICK)  # it closed its output and lives on
                if self._ended is None:
                    self._ended = self._trouble(disk, cancelled)
                    if self._ended:
                        self._kill()
            lines.read_rest(self._launch.output)
        finally:
            self._kill()
            was_out_of_memory = self._launch.group.was_out_of_memory()
            self._launch.close()
            self.outcome = self._conclude(was_out_of_memory=was_out_of_memory)
            self._is_over.set()
        return self.outcome

    def poll(self) -> Outcome | None:
        """Return how it ended, or None while it runs."""
        return self.outcome

    def wait(self, seconds: float | None = None) -> Outcome | None:
        """Wait until it is over, for whoever does not follow it."""
        self._is_over.wait(seconds)
        return self.outcome

    def terminate(self) -> None:
        """Ask it to end, as a good program does on SIGTERM."""
        with contextlib.suppress(OSError):
            self._launch.control.send(b"t")

    def kill(self) -> None:
        """End it and all that it started, at once; whoever follows it sees it end."""
        self._is_unwanted = True

    def stop(self, grace: float = 5) -> Outcome | None:
        """Ask it to end, and end it when it does not within the grace; return when it is over."""
        self.terminate()
        if self.wait(grace) is None:
            self.kill()
        return self.wait(10)

    def memory_used(self) -> int:
        """Return the bytes it holds just now."""
        counted = self._launch.group.memory_used()
        return measure.memory_of(measure.tree_of(self.pid)) if counted is None else counted

    def _trouble(self, disk: measure.Disk, cancelled: Callable[[], bool]) -> Ended | None:
        """Return what the work ran out of, if anything."""
        if self._is_unwanted or cancelled():
            return "cancelled"
        if not self.work.forever and time.monotonic() - self._began > self.work.limits.seconds:
            return "timeout"
        if disk.is_full():
            return "disk"
        group = self._launch.group
        if group.was_out_of_memory():
            return "memory"
        return self._refused_too_long(group.times_out_of_processes()) if group.is_real else self._too_much()

    def _refused_too_long(self, refused: int) -> Ended | None:
        """Tell a fork bomb, which goes on and on, from a program that once wanted one process too many."""
        self._ticks_refused = self._ticks_refused + 1 if refused > self._refused else 0
        self._refused = refused
        return "processes" if self._ticks_refused >= _REFUSED_TICKS else None

    def _too_much(self) -> Ended | None:
        """Watch the limits ourselves, where the kernel does not."""
        if time.monotonic() < self._next_look:
            return None
        processes = measure.tree_of(self._launch.first)
        self._next_look = time.monotonic() + _LOOK_SECONDS
        if len(processes) > self.work.limits.processes:
            return "processes"
        most = self.work.limits.memory_mb * _MEGABYTE
        if measure.memory_of(processes) > most and measure.memory_of(processes, is_exact=True) > most:
            return "memory"
        return None

    def _kill(self) -> None:
        """Kill the first process inside, with which all the others go; then the outer one, if need be."""
        pidfd = self._launch.pidfd
        if self._launch.sandbox.is_walled and pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        else:
            self._launch.control.close()  # the bridge takes everything along, then itself
        self._wait(5)
        if self._popen.poll() is None:
            self._popen.kill()
            self._popen.wait()
        if pidfd >= 0:
            select.select([pidfd], [], [], 5)  # readable once the first process, and with it all, is over

    def _wait(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)

    def _conclude(self, *, was_out_of_memory: bool) -> Outcome:
        code = self._popen.returncode
        code = code if code >= 0 else _SIGNALLED - code
        ended = self._ended
        if ended is None and code and was_out_of_memory:
            ended = "memory"
        if ended is None and code == _SIGNALLED + signal.SIGXFSZ:
            ended = "disk"
        return Outcome(exit_code=code, ended=ended or "exit", seconds=time.monotonic() - self._began)
