"""What exists on this machine with our mark: processes, sockets, folders, ports. Reads /proc, asks nobody."""

import contextlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core import supervised
from app.core.installation import installation
from app.engine.instances.models import MARK, home_mark

_GONE_STATES = {"Z", "X"}
_LISTENS = "0A"


@dataclass(frozen=True)
class Facts:
    """What was found in one look."""

    processes: dict[str, list[int]] = field(default_factory=dict)  # instance → processes with its mark
    sockets: list[Path] = field(default_factory=list)
    checkouts: list[Path] = field(default_factory=list)
    ports: set[int] | None = None  # where somebody listens; None where the machine does not say


def look() -> Facts:
    """Look at everything that is ours."""
    here = installation()
    sockets = here.run / "i"
    return Facts(
        processes=marked_processes(),
        sockets=sorted(sockets.glob("*.sock")) if sockets.is_dir() else [],
        checkouts=sorted(path for path in here.checkouts.iterdir() if path.is_dir()),
        ports=set(_listeners().values()) or None,
    )


def as_dict() -> dict[str, Any]:
    """Return what exists, for those who ask over the keeper's socket."""
    found = look()
    return {
        "processes": found.processes,
        "sockets": [path.name for path in found.sockets],
        "checkouts": [path.name for path in found.checkouts],
    }


def marked_processes() -> dict[str, list[int]]:
    """Return the living processes that carry this installation's mark, by instance."""
    wanted = f"{MARK}={home_mark()}:".encode()
    found: dict[str, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            environment = (entry / "environ").read_bytes()
            if wanted not in environment:
                continue
            for variable in environment.split(b"\0"):
                if variable.startswith(wanted) and ticks_of(int(entry.name)) is not None:
                    label = variable[len(wanted) :].decode(errors="replace")
                    found.setdefault(label, []).append(int(entry.name))
    return found


def _listeners() -> dict[str, int]:
    """Return the TCP ports that are listened at, by the kernel's number of the socket."""
    found = {}
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        with contextlib.suppress(OSError):
            for line in table.read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTENS:
                    found[columns[9]] = int(columns[1].rpartition(":")[2], 16)
    return found


def gateway_ports() -> set[int]:
    """Return the ports at which this installation's own gateway listens."""
    pid = supervised.record(installation()).get("roles", {}).get("gateway")
    sockets = set()
    for entry in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):
            sockets.add(str(entry.readlink()).removeprefix("socket:[").removesuffix("]"))
    return {port for number, port in _listeners().items() if number in sockets}


def ticks_of(pid: int) -> int | None:
    """Return when a living process began, in the kernel's own count; None where it is over."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if columns[0] not in _GONE_STATES:
            return int(columns[19])
    return None


def is_alive(pid: int | None, ticks: int | None) -> bool:
    """Tell whether the very process that was meant lives, not a later one of the same number."""
    if pid is None:
        return False
    found = ticks_of(pid)
    return found is not None and (ticks is None or found == ticks)


def age_of(pid: int) -> float:
    """Return the seconds a process has lived; a dead one is of no age."""
    ticks = ticks_of(pid)
    if ticks is None:
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
