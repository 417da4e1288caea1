"""What a work uses, where the kernel does not keep the limit: bytes in a folder, memory of a tree."""

import contextlib
import errno
import os
import time
from pathlib import Path

import psutil

_MEGABYTE = 1024 * 1024
_LEAST = 1024  # an empty file costs its inode
_FREE_MB = 256


def size_of(path: Path | str, *, too_deep: int = 0) -> int:
    """Return the bytes that a folder takes on disk; links count as themselves.

    What lies deeper than a path can say cannot be looked into: each such folder counts as `too_deep`.
    """
    total, look = 0, [os.fspath(path)]
    while look:
        try:
            with os.scandir(look.pop()) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):
                        total += max(entry.stat(follow_symlinks=False).st_blocks * 512, _LEAST)
                        if entry.is_dir(follow_symlinks=False):
                            look.append(entry.path)
        except OSError as trouble:
            total += too_deep if trouble.errno == errno.ENAMETOOLONG else 0
    return total


def free_mb(path: Path) -> int:
    """Return the space left on the disk that a folder is on."""
    stat = os.statvfs(path)
    return stat.f_bavail * stat.f_frsize // _MEGABYTE


class Disk:
    """Watches that folders stay below a size, looking as often as looking is cheap."""

    def __init__(self, folders: list[Path], most_mb: int, *, every: float) -> None:
        self._folders = folders
        self._most = most_mb * _MEGABYTE
        self._every = every
        self._free = free_mb(folders[0])
        self._next = time.monotonic() + every

    def is_full(self) -> bool:
        """Tell whether one of the folders is over its size, or the whole disk is nearly full."""
        free = free_mb(self._folders[0])
        if free < _FREE_MB and free < self._free:
            return True
        # A disk that fills fast is looked at at once, whatever the clock says.
        has_jumped = (self._free - free) * _MEGABYTE > self._most // 4
        began = time.monotonic()
        if began < self._next and not has_jumped:
            return False
        is_over = any(size_of(folder, too_deep=self._most + 1) > self._most for folder in self._folders)
        self._free = free
        took = time.monotonic() - began
        self._next = began + max(self._every, 10 * took)
        return is_over


def tree_of(pid: int) -> list[psutil.Process]:
    """Return a process and all below it, without those that have ended."""
    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        found = [top, *top.children(recursive=True)]
        return [each for each in found if _is_alive(each)]
    return []


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(process.status() not in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD})
    return False


def memory_of(processes: list[psutil.Process], *, is_exact: bool = False) -> int:
    """Return the bytes that processes hold; what they share is counted once when it is to be exact."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error, AttributeError):
            total += process.memory_full_info().pss if is_exact else process.memory_info().rss
    return total
