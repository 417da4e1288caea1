"""Who runs this installation: what its supervisor wrote about itself, and a way to ask it for a new start."""

import contextlib
import fcntl
import json
import os
import signal
from pathlib import Path
from typing import Any

from app.core.installation import Installation

AGAIN = signal.SIGUSR1  # end everything in order, then begin again with what is decided now


def record_path(here: Installation) -> Path:
    """Return where the supervisor writes down who runs."""
    return here.run / "processes.json"


def lock_path(here: Installation) -> Path:
    """Return what the supervisor holds for as long as it lives."""
    return here.run / "supervisor.lock"


def record(here: Installation) -> dict[str, Any]:
    """Return what a running supervisor wrote about itself; nothing where none runs."""
    if not _is_held(lock_path(here)):
        return {}
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(record_path(here).read_text())
        return found
    return {}


def _is_held(path: Path) -> bool:
    try:
        lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def ask_for_new_start(here: Installation) -> bool:
    """Let the supervisor start everything anew; returns whether there is one to ask."""
    pid = record(here).get("pid")
    if pid is None:
        return False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, AGAIN)
        return True
    return False
