"""Why an instance is not there, in words that a person can act on."""

from typing import Any

from app.core.errors import Failed
from app.core.installation import Limits
from app.engine.instances import InstanceState
from app.engine.sandbox import Outcome


def failure(reason: Failed, lines: list[str]) -> dict[str, Any]:
    return {
        "state": InstanceState.FAILED,
        "pid": None,
        "pid_ticks": None,
        "memory_bytes": None,
        "error_code": reason.code,
        "error_message": reason.message,
        "error_suggestion": reason.suggestion,
        "error_lines": reason.lines or lines,
    }


def why(outcome: Outcome, bounds: Limits, *, was_ready: bool) -> Failed:
    """Say in words how a process ended that nobody had asked to."""
    match outcome.ended:
        case "memory":
            return Failed(
                "out_of_memory",
                f"It used more than {bounds.memory_mb} MB of memory and was ended.",
                "Let it use less, or raise its limit.",
            )
        case "processes":
            return Failed(
                "too_many_processes",
                f"It started more than {bounds.processes} processes and was ended.",
                "Let it start fewer workers.",
            )
        case "disk":
            return Failed(
                "disk_full",
                f"It wrote more than {bounds.disk_mb} MB, or the disk is full.",
                "Let it write less.",
            )
    if was_ready:
        return Failed(
            "crashed", f"It ended with exit code {outcome.exit_code}.", "The end of its log says why."
        )
    return Failed(
        "start_failed",
        f"It ended while it started, with exit code {outcome.exit_code}.",
        "The last lines of its log say why; a variable that it needs may be missing.",
    )
