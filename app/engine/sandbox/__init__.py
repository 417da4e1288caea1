"""Runs code that people pushed: out of sight of this machine, within limits, and never longer than wanted."""

import threading
from collections.abc import Callable

from app.engine.sandbox.facts import probe, require
from app.engine.sandbox.lines import OnLine
from app.engine.sandbox.process import Process, nobody_cancels
from app.engine.sandbox.work import Ended, Outcome, Sandbox, Socket, Work

__all__ = ["Ended", "Outcome", "Process", "Sandbox", "Socket", "Work", "probe", "require", "run", "spawn"]


def run(
    work: Work,
    *,
    on_line: OnLine,
    cancelled: Callable[[], bool] = nobody_cancels,
    within: Sandbox | None = None,
) -> Outcome:
    """Run a work to its end and say how it ended; nothing of it is left then, whatever it was."""
    return Process(work, within or require(), on_line=on_line).follow(cancelled)


def spawn(work: Work, *, on_line: OnLine, within: Sandbox | None = None) -> Process:
    """Start a work that goes on beside us, from a thread that stays: the work ends with it."""
    process = Process(work, within or require(), on_line=on_line)
    threading.Thread(target=process.follow, name=f"follow-{process.pid}", daemon=True).start()
    return process
