"""One instance in the keeper's hands: started, watched, started again with patience, seen to its end."""

import re
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from enum import Enum, auto
from pathlib import Path
from typing import Any

from app.core.clock import now
from app.core.errors import Failed
from app.core.installation import installation
from app.engine import sandbox
from app.engine.instances import InstanceState, mark_of, socket_path
from app.engine.instances.models import MARK
from app.engine.keeper import facts, health
from app.engine.keeper.reasons import failure, why
from app.engine.keeper.wish import Wish
from app.engine.logs import Log, tail

MOST_EXITS = 5
EXITS_WITHIN = 600.0
BACK_OFF = (1.0, 2.0, 4.0, 8.0, 16.0)
GRACE_SECONDS = 5.0
LOOK_STARTING = 0.05
LOOK_RUNNING = 15.0
MOST_SILENCES = 3
LAST_LINES = 10
_SECRET = re.compile(
    r"SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE|CREDENTIAL|_KEY$|DSN|DATABASE_URL", re.IGNORECASE
)


class Phase(Enum):
    """Where an instance is in the keeper's hands."""

    STARTING = auto()
    RUNNING = auto()
    PAUSING = auto()  # it ended and is started again in a moment
    STOPPING = auto()
    OVER = auto()


class Kept:
    """One instance. Only the keeper's main thread touches it: what it starts lives as long as that thread."""

    def __init__(self, wish: Wish, checks: Executor) -> None:
        self.wish = wish
        self.phase = Phase.PAUSING
        self.truth: dict[str, Any] = {}  # what the database has still to be told
        self._checks = checks
        self._check: Future[tuple[int | None, int]] | None = None
        self._next_check = 0.0
        self._process: sandbox.Process | None = None
        self._log: Log | None = None
        self._was_ready = wish.ready_at is not None
        self._last_status: int | None = None
        self._silences = 0
        self._exits: deque[float] = deque()
        self._restarts = wish.restarts
        self._reason: Failed | None = None  # why we end it ourselves
        self._began = self._start_by = self._resume_at = self._kill_at = 0.0
        self._ready_at = wish.ready_at
        self._memory = 0
        self._after: dict[str, Any] | None = None

    def start(self) -> None:
        """Start the process; whatever stands in the way becomes the reason of its failure."""
        self._silences, self._last_status, self._check, self._reason = 0, None, None, None
        try:
            self._spawn()
        except Failed as trouble:
            self._end(failure(trouble, self._lines()))
            return
        except OSError as trouble:
            self._end(failure(Failed("start_failed", f"It could not be started: {trouble}."), self._lines()))
            return
        self.phase = Phase.STARTING
        self._began = time.monotonic()
        self._start_by = self._began + self.wish.start_seconds
        pid = self._process.pid if self._process else None
        self.truth = {
            "state": InstanceState.STARTING,
            "pid": pid,
            "pid_ticks": facts.ticks_of(pid) if pid else None,
            "started_at": now(),
        }

    def _spawn(self) -> None:
        wish = self.wish
        if not Path(wish.folder).is_dir():
            raise Failed("files_missing", "What was built for it is no longer there.", "Build it again.")
        hidden = wish.secrets or {}
        secrets = [str(value) for name, value in wish.env.items() if _SECRET.search(name)]
        self._close_log()
        self._log = Log(Path(wish.log_path), [*secrets, *hidden.values()], when_full="roll")
        self._process = sandbox.spawn(
            sandbox.Work(
                command=wish.command,
                folder=Path(wish.folder),
                env={**_for_visitors(), **wish.env, **hidden, MARK: mark_of(wish.label)},
                limits=wish.bounds,
                listen=sandbox.Socket(socket_path(wish.label), wish.port),
                outbound=wish.outbound,
                forever=True,
            ),
            on_line=_writes(self._log),
        )

    def step(self) -> None:
        """Look at it once, and do what is due; never waits."""
        moment = time.monotonic()
        outcome = self._process.poll() if self._process else None
        match self.phase:
            case Phase.PAUSING if moment >= self._resume_at:
                self.start()
            case Phase.STARTING | Phase.RUNNING if outcome:
                self._ended(outcome)
            case Phase.STARTING | Phase.RUNNING if self._reason:
                pass  # its end is on the way
            case Phase.STARTING:
                self._watch_start(moment)
            case Phase.RUNNING:
                self._watch_run(moment)
            case Phase.STOPPING if outcome or self._process is None:
                self._end(self._after)
            case Phase.STOPPING if moment >= self._kill_at and self._process:
                self._process.kill()
            case _:
                pass

    def _watch_start(self, moment: float) -> None:
        status = self._checked(moment, LOOK_STARTING, health.STARTING_SECONDS)
        if status in health.UP:
            self.phase = Phase.RUNNING
            self._was_ready = True
            self._ready_at = now()
            took = int((moment - self._began) * 1000)
            typical = self.wish.typical_ms
            self.truth |= {
                "state": InstanceState.RUNNING,
                "ready_at": self._ready_at,
                "typical_ms": took if typical is None else (2 * typical + took) // 3,
                "memory_bytes": self._memory,
            }
        elif moment > self._start_by:
            said = f"answered {self._last_status}" if self._last_status else "did not answer on its port"
            reason = Failed(
                "unhealthy",
                f"It started but {said} at {self.wish.health} within {self.wish.start_seconds} seconds.",
                f"It must listen on the port in PORT ({self.wish.port}) and answer {self.wish.health}.",
            )
            self._give_up(reason)

    def _watch_run(self, moment: float) -> None:
        before = self._memory
        known = self._check is not None
        status = self._checked(moment, LOOK_RUNNING, health.RUNNING_SECONDS)
        if known and self._check is None:
            self._silences = 0 if status else self._silences + 1
            if abs(self._memory - before) > before // 10:
                self.truth |= {"memory_bytes": self._memory}
        if self._silences >= MOST_SILENCES:
            self._give_up(Failed("unhealthy", "It runs but answers no longer.", "Read the end of its log."))

    def _checked(self, moment: float, pace: float, seconds: float) -> int | None:
        """Return the status of a check that is over, and begin the next one when it is due."""
        if self._check is None:
            if moment >= self._next_check and self._process:
                self._check = self._checks.submit(_look, self._process, self.wish, seconds)
            return None
        if not self._check.done():
            return None
        status, self._memory = self._check.result()
        self._check = None
        self._next_check = moment + pace
        self._last_status = status or self._last_status
        return status

    def _ended(self, outcome: sandbox.Outcome) -> None:
        """Start it again, unless it never answered or ends again and again."""
        reason = self._reason or why(outcome, self.wish.bounds, was_ready=self._was_ready)
        if not self._was_ready:
            self._end(failure(reason, self._lines()))
            return
        self._pause_or_fail(reason)

    def _pause_or_fail(self, reason: Failed) -> None:
        moment = time.monotonic()
        self._exits.append(moment)
        while moment - self._exits[0] > EXITS_WITHIN:
            self._exits.popleft()
        if len(self._exits) > MOST_EXITS:
            often = f"It ended {len(self._exits)} times within ten minutes. {reason.message}"
            self._end(failure(Failed(reason.code, often, reason.suggestion), self._lines()))
            return
        self.phase = Phase.PAUSING
        self._process = None
        self._resume_at = moment + BACK_OFF[min(len(self._exits), len(BACK_OFF)) - 1]
        self._restarts += 1
        self.truth |= {
            "state": InstanceState.STARTING,
            "pid": None,
            "pid_ticks": None,
            "restarts": self._restarts,
        }

    def _give_up(self, reason: Failed) -> None:
        """End a process that lives but does not answer."""
        self._reason = reason
        if self._process:
            self._process.kill()

    def stop(
        self, state: InstanceState | None, wish: Wish | None = None, *, grace: float = GRACE_SECONDS
    ) -> None:
        """Ask it to end; what is written once it is seen empty is `state`, or nothing."""
        self.wish = wish or self.wish
        self._after = (
            {"state": state, "pid": None, "pid_ticks": None, "memory_bytes": None} if state else None
        )
        if self.phase is Phase.STOPPING:
            return
        self.phase = Phase.STOPPING
        self.truth = {}
        self._kill_at = time.monotonic() + grace
        if self._process:
            self._process.terminate()

    def see(self, wish: Wish) -> None:
        """Take note of what changed without a new wish: the last visit."""
        self.wish = wish

    def is_idle(self) -> bool:
        """Tell whether it runs and nobody came for as long as it is to wait."""
        if self.phase is not Phase.RUNNING or not self.wish.idle_seconds or self._ready_at is None:
            return False
        last = max(filter(None, (self._ready_at, self.wish.last_visit_at)))
        return (now() - last).total_seconds() > self.wish.idle_seconds

    def _end(self, truth: dict[str, Any] | None) -> None:
        self.phase = Phase.OVER
        self._process = None
        self.truth = truth or {}
        self._close_log()

    def _close_log(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None

    def _lines(self) -> list[str]:
        """Return the last lines that it said itself."""
        said = [line for line in tail(Path(self.wish.log_path), LAST_LINES * 2) if line.strip()]
        return [line for line in said if not line.startswith("==> ")][-LAST_LINES:]


def _for_visitors() -> dict[str, str]:
    """Let Vite's own servers answer at the address that visitors use today."""
    domain = installation().preview_domain.partition(":")[0]
    return {"__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS": f".{domain}"}


def _writes(log: Log) -> Callable[[str], None]:
    def write(line: str) -> None:
        log.line(line)

    return write


def _look(process: sandbox.Process, wish: Wish, seconds: float) -> tuple[int | None, int]:
    return health.ask(socket_path(wish.label), wish.health, seconds=seconds), process.memory_used()
