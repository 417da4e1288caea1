"""Limits that the kernel itself keeps for a group of processes, where this machine lets us make groups."""

import contextlib
import functools
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.core.ids import token
from app.core.installation import Limits

_ROOT = Path("/sys/fs/cgroup")
_MARK = "greenroom-"
_MEGABYTE = 1024 * 1024

Version = Literal["v2", "v1", "none"]


@dataclass(frozen=True)
class Hierarchies:
    """The folders below which groups can be made: the same one twice under v2."""

    version: Version
    memory: Path | None = None
    pids: Path | None = None


@functools.cache
def hierarchies() -> Hierarchies:
    """Find out, by trying, which kind of groups this machine lets us make."""
    own = _own_groups()
    for version, find in (("v2", _find_v2), ("v1", _find_v1)):
        found = find(own)
        if found and _try(found):
            return Hierarchies("v2" if version == "v2" else "v1", *found)
    return Hierarchies("none")


def _own_groups() -> dict[str, str]:
    """Read /proc/self/cgroup as controller to path; "" is the unified one."""
    own = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, names, path = line.split(":", 2)
            for name in names.split(","):
                own[name] = path.lstrip("/")
    return own


def _find_v2(own: dict[str, str]) -> tuple[Path, Path] | None:
    for base in (_ROOT / own.get("", ""), _ROOT):
        control = base / "cgroup.subtree_control"
        try:
            if {"memory", "pids"} <= set(control.read_text().split()):
                return base, base
            control.write_text("+memory +pids")
        except OSError:
            continue
        return base, base
    return None


def _find_v1(own: dict[str, str]) -> tuple[Path, Path] | None:
    found = []
    for name, file in (("memory", "memory.limit_in_bytes"), ("pids", "cgroup.procs")):
        places = (_ROOT / name / own.get(name, ""), _ROOT / name)
        place = next((each for each in places if (each / file).exists() and os.access(each, os.W_OK)), None)
        if place is None:
            return None
        found.append(place)
    return found[0], found[1]


def _try(bases: tuple[Path, Path]) -> bool:
    """Make a group and take it away again."""
    name = f"{_MARK}{os.getpid()}-{token(4)}"
    try:
        for base in dict.fromkeys(bases):
            (base / name).mkdir()
            has_limits = (base / name / "pids.max").exists() or (
                base / name / "memory.limit_in_bytes"
            ).exists()
            (base / name).rmdir()
            if not has_limits:
                return False
    except OSError:
        return False
    return True


class Group:
    """The processes of one work, as the kernel counts them."""

    def __init__(self, limits: Limits) -> None:
        where = hierarchies()
        self.version = where.version
        self._memory = self._pids = Path()
        if where.memory is None or where.pids is None:
            return
        for base in {where.memory, where.pids}:
            _remove_leftovers(base)
        name = f"{_MARK}{os.getpid()}-{token(6)}"
        self._memory, self._pids = where.memory / name, where.pids / name
        for folder in {self._memory, self._pids}:
            folder.mkdir()
        most = str(limits.memory_mb * _MEGABYTE)
        if self.version == "v2":
            (self._memory / "memory.max").write_text(most)
            self._try_to_write("memory.swap.max", "0")
            self._try_to_write("memory.oom.group", "1")
        else:
            (self._memory / "memory.limit_in_bytes").write_text(most)
            self._try_to_write("memory.memsw.limit_in_bytes", most)
        (self._pids / "pids.max").write_text(str(limits.processes + 1))  # one more: the bridge

    @property
    def is_real(self) -> bool:
        return self.version != "none"

    def add(self, pid: int) -> None:
        """Put a process into the group; what it starts from now on is in it too."""
        if self.is_real:
            for folder in {self._memory, self._pids}:
                (folder / "cgroup.procs").write_text(str(pid))

    def was_out_of_memory(self) -> bool:
        """Tell whether the kernel had to kill something in it for want of memory."""
        name = "memory.events" if self.version == "v2" else "memory.oom_control"
        return self._count(self._memory / name, "oom_kill") > 0

    def times_out_of_processes(self) -> int:
        """Return how often a new process was refused."""
        return self._count(self._pids / "pids.events", "max")

    def memory_used(self) -> int | None:
        """Return the bytes it holds just now."""
        if not self.is_real:
            return None
        name = "memory.current" if self.version == "v2" else "memory.usage_in_bytes"
        with contextlib.suppress(OSError, ValueError):
            return int((self._memory / name).read_text())
        return None

    def close(self) -> None:
        """Kill what is left in it and remove it."""
        if self.is_real:
            for folder in {self._memory, self._pids}:
                _remove(folder)

    def _count(self, file: Path, key: str) -> int:
        if self.is_real:
            with contextlib.suppress(OSError, ValueError):
                for line in file.read_text().splitlines():
                    name, _, value = line.partition(" ")
                    if name == key:
                        return int(value)
        return 0

    def _try_to_write(self, name: str, value: str) -> None:
        with contextlib.suppress(OSError):
            (self._memory / name).write_text(value)


def _remove(folder: Path) -> None:
    for _ in range(100):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            _kill(folder)
            time.sleep(0.02)
        else:
            return


def _kill(folder: Path) -> None:
    with contextlib.suppress(OSError, ValueError):
        for pid in (folder / "cgroup.procs").read_text().split():
            os.kill(int(pid), signal.SIGKILL)


def _remove_leftovers(
    base: Path, is_alive: Callable[[int], bool] = lambda pid: Path(f"/proc/{pid}").exists()
) -> None:
    """Remove the groups of launchers that are gone; one with a process in it cannot be removed."""
    for folder in base.glob(f"{_MARK}*"):
        pid = folder.name.removeprefix(_MARK).split("-")[0]
        if pid.isdigit() and not is_alive(int(pid)):
            with contextlib.suppress(OSError):
                folder.rmdir()
