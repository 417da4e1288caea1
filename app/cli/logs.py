"""Where a process writes: a file of its own for everything, the terminal for what a person must see."""

import logging
import os
import sys
from pathlib import Path
from typing import TextIO

LARGEST = 10 * 1024 * 1024
_LINE = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


class _OneLine(logging.Formatter):
    """What the terminal gets: the role and one sentence; the trace is in the file."""

    def __init__(self, role: str, path: Path) -> None:
        super().__init__()
        self._role, self._path = role, path

    def format(self, record: logging.LogRecord) -> str:
        more = f" (more in {self._path})" if record.exc_info else ""
        return f"{self._role}: {record.getMessage()}{more}"


_terminal: list[TextIO] = []


def say(text: str) -> None:
    """Tell the person at the terminal, from whichever process."""
    print(text, file=_terminal[0] if _terminal else sys.stdout, flush=True)


def is_read_by_a_person() -> bool:
    """Tell whether what is said goes to a terminal, not to a file."""
    return (_terminal[0] if _terminal else sys.stdout).isatty()


def write_to_terminal(level: str) -> None:
    """Log to standard error: for a process that runs alone, under a supervisor that is not ours."""
    logging.basicConfig(level=level.upper(), format=_LINE, stream=sys.stderr, force=True)
    _hush()


def write_to_file(role: str, path: Path, level: str) -> None:
    """Send all output of this process to `path`, and warnings to the terminal as well."""
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_suffix(".log.1"))
    terminal = os.fdopen(os.dup(1), "w", buffering=1)
    _terminal[:] = [terminal]
    nothing = os.open(os.devnull, os.O_RDONLY)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(nothing, 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(nothing)
    os.close(file)
    everything = logging.StreamHandler(sys.stderr)
    everything.setFormatter(logging.Formatter(_LINE))
    warnings = logging.StreamHandler(terminal)
    warnings.setLevel(logging.ERROR)
    warnings.setFormatter(_OneLine(role, path))
    logging.basicConfig(level=level.upper(), handlers=[everything, warnings], force=True)
    _hush()


def _hush() -> None:
    """Leave out what libraries say about each job and each migration step."""
    for name in ("rq", "alembic", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
