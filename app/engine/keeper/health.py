"""Asks an instance whether it answers, over its own socket and nothing else."""

import contextlib
import http.client
import socket
from email.message import Message
from pathlib import Path

STARTING_SECONDS = 5.0
RUNNING_SECONDS = 10.0
UP = range(200, 500)  # a page that is not there, or wants a sign-in, is an answer


class _Line(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def ask(path: Path, health: str, *, seconds: float) -> int | None:
    """Return the status of the answer, or None where there is none."""
    line = _Line(path, seconds)
    with contextlib.closing(line), contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        line.request("GET", health, headers={"User-Agent": "greenroom-health", "Connection": "close"})
        with line.getresponse() as answer:
            return answer.status
    return None


def headers_of(path: Path, url: str, *, seconds: float) -> Message | None:
    """Return the headers of the first page, or None where there is no answer."""
    line = _Line(path, seconds)
    with contextlib.closing(line), contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        host = url.rpartition("//")[2]
        line.request(
            "GET", "/", headers={"User-Agent": "greenroom-health", "Host": host, "Connection": "close"}
        )
        with line.getresponse() as answer:
            return answer.headers
    return None
