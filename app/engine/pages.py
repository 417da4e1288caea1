"""What an app shows to a visitor without a name: its pages' HTML, asked for over its own socket."""

import http.client
import io
import socket
import time
from collections.abc import Iterable
from urllib.parse import quote

from app.engine import routes

MOST_BYTES = 100_000
_PIECE = 16 * 1024
_OK = 200


def pages_of(label: str, paths: Iterable[str], *, seconds: float) -> dict[str, str]:
    """Return the HTML that runs at a host name, by path; what sleeps, or takes longer, is left out."""
    route = routes.resolve(label)
    if route is None or route.get("state") != "ready":
        return {}
    deadline = time.monotonic() + seconds
    found = {}
    for path in paths:
        html = _html(_get(str(route["socket"]), path, deadline))
        if html:
            found[path] = html
    return found


def _get(place: str, path: str, deadline: float) -> bytes:
    """Ask once, without a cookie, for at most so many bytes and until the deadline."""
    asked = (
        f"GET /{quote(path.lstrip('/'), safe='/-._~%')} HTTP/1.0\r\nHost: localhost\r\n"
        "Accept: text/html\r\nUser-Agent: greenroom-reader\r\nConnection: close\r\n\r\n"
    )
    received = b""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            _give_time(line, deadline)
            line.connect(place)
            line.sendall(asked.encode())
            while len(received) < MOST_BYTES:
                _give_time(line, deadline)
                piece = line.recv(_PIECE)
                if not piece:
                    break
                received += piece
    except OSError:  # it went down, or took too long: the files say enough
        return b""
    return received


def _give_time(line: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)


class _Heard:
    """An answer that has been received, as the standard library reads one."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)


def _html(received: bytes) -> str:
    """Return the page in an answer; nothing where it is none."""
    answer = http.client.HTTPResponse(_Heard(received))  # type: ignore[arg-type]
    try:
        answer.begin()
        if answer.status != _OK or answer.headers.get_content_type() != "text/html":
            return ""
        body = answer.read()
    except http.client.IncompleteRead as cut:
        body = cut.partial
    except (http.client.HTTPException, ValueError):
        return ""
    return body.decode("utf-8", "replace")
