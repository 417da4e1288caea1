"""Processes and the kernel: children that die with their parent, names that `ps` shows, who still lives."""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from app.core import supervised

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_M_ARENA_MAX = -8
_LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True)

HANDLED = (
    *(signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGQUIT),
    supervised.AGAIN,
)


def die_with_parent(parent: int) -> None:
    """End this process, by SIGKILL, as soon as `parent` ends; at once when that has happened already.

    The kernel follows the thread that forked us, so only a main thread may fork those who call this.
    """
    if _LINUX:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of whatever our children leave behind, so that we can end and reap it."""
    if _LINUX:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def be_named(name: str) -> None:
    """Show `name` in `ps` and `top`; the kernel keeps fifteen characters."""
    if _LINUX:
        _libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def keep_memory_small() -> None:
    """Keep glibc from giving each thread an arena of its own, which threaded servers never give back."""
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_ARENA_MAX, 2)


def reset_signals() -> None:
    """Give a forked child the signals that a program expects, whatever its parent did with them."""
    signal.set_wakeup_fd(-1)
    for number in HANDLED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)


def children() -> list[int]:
    """Return the processes whose parent we are, zombies not counted."""
    me = os.getpid()
    return [pid for pid, (parent, state) in _table() if parent == me and state != "Z"]


def _table() -> Iterator[tuple[int, tuple[int, str]]]:
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            after_name = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            yield int(entry.name), (int(after_name[1]), after_name[0])


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
    if _LINUX:
        return False
    with contextlib.suppress(OSError):
        os.kill(pid, 0)
        return True
    return False
