"""Our side of a look: asks through the gateway's own door, sends programs into the sandbox, reads finds.

What comes back from inside was in the hands of hostile pages: it is data of limited size, and nothing is
believed of it but what it says about that very site.
"""

import contextlib
import http.client
import json
import os
import socket
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from app.core.errors import Cancelled, Failed
from app.core.gherkin import one_line
from app.core.installation import Limits, installation
from app.engine.looking.browser import hidden_home
from app.engine.sandbox import Work, require, run
from app.engine.sandbox.bubblewrap import python
from app.engine.sandbox.proxy import PORT

MOST_PAGES = 40
WALK_SECONDS = 10
ANSWER_SECONDS = 10.0
_LEAST_MEMORY_MB = 400
_LARGEST_REPORT = 256 * 1024
_LARGEST_PICTURE = 3 * 1024 * 1024
_MOST = 20
_HERE = Path(__file__).parent
_WALKING = Limits(memory_mb=256, processes=32, seconds=WALK_SECONDS + 10, file_mb=8, disk_mb=64)
_BROWSING = Limits(memory_mb=768, processes=200, seconds=45, file_mb=64, disk_mb=256)

CancelledThen = Callable[[], bool]


@dataclass(frozen=True)
class Answered:
    """What the first request brought."""

    status: int
    milliseconds: int


@dataclass(frozen=True)
class Broken:
    """A link that leads nowhere, and the page it stands on."""

    link: str
    page: str
    why: str


@dataclass(frozen=True)
class Followed:
    """How far the links were followed, and which lead nowhere."""

    looked: int
    broken: list[Broken] = field(default_factory=list)
    is_cut: bool = False


@dataclass(frozen=True)
class Opened:
    """What a browser showed: pictures by window, how wide the page was, what it complained of."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    trouble: str = ""


def ask(address: str) -> Answered:
    """Ask for the first page, as somebody who may; raises Failed where nobody answers."""
    began = time.monotonic()
    connection = _Door(ANSWER_SECONDS)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/", headers={"Host": urlsplit(address).netloc, "Accept": "text/html"})
            status = connection.getresponse().status
        except TimeoutError as late:
            raise Failed("no_answer", f"It did not answer within {ANSWER_SECONDS:g} seconds.") from late
        except (OSError, http.client.HTTPException) as trouble:
            raise Failed("no_gateway", "The gateway could not be asked.") from trouble
    return Answered(status, int((time.monotonic() - began) * 1000))


class _Door(http.client.HTTPConnection):
    """A connection to the door that the gateway keeps for this installation itself."""

    def __init__(self, timeout: float) -> None:
        super().__init__("gateway", timeout=timeout)
        self._seconds = timeout

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._seconds)
        self.sock.connect(str(installation().gateway_socket))


def follow_links(address: str, folder: Path, *, cancelled: CancelledThen) -> Followed:
    """Follow the links of a site from its first page; raises Failed where that could not be done."""
    told = {"address": f"{address}/", "proxy": PORT, "most": MOST_PAGES, "seconds": WALK_SECONDS}
    report = _inside("links.py", told, address, folder, _WALKING, cancelled=cancelled)
    broken = [
        Broken(_text(each.get("link")), _text(each.get("page")), _text(each.get("why"), 60))
        for each in _records(report.get("broken"))
    ]
    return Followed(_number(report.get("looked")), broken, bool(report.get("isCut")))


def open_in_browser(address: str, folder: Path, *, browser: Path, cancelled: CancelledThen) -> Opened:
    """Open the first page in a browser, wide and narrow; raises Failed where that could not be done."""
    free = psutil.virtual_memory().available // (1024 * 1024)
    if free < _LEAST_MEMORY_MB:
        raise Failed("memory_short", f"This server has {free} MB of memory left, too little for a browser.")
    told = {"address": f"{address}/", "origin": address, "proxy": PORT, "browser": str(browser)}
    report = _inside(
        "window.py", told, address, folder, _BROWSING, cancelled=cancelled, shown=hidden_home(browser)
    )
    widths = report.get("widths")
    pictures = {name: _read_picture(folder / f"{name}.webp") for name in ("desktop", "phone")}
    return Opened(
        pictures={name: data for name, data in pictures.items() if data},
        widths={name: _number(wide) for name, wide in widths.items() if name in pictures}
        if isinstance(widths, dict)
        else {},
        said=[
            f"{_text(each.get('text'))}{f' ({where})' if (where := _text(each.get('where'), 120)) else ''}"
            for each in _records(report.get("said"))
        ],
        elsewhere=[_text(each, 100) for each in _listed(report.get("elsewhere"))],
        trouble=_text(report.get("trouble")),
    )


def _inside(
    program: str,
    told: dict[str, Any],
    address: str,
    folder: Path,
    limits: Limits,
    *,
    cancelled: CancelledThen,
    shown: list[Path] | None = None,
) -> dict[str, Any]:
    """Run one of our programs where it reaches just this site, and return what it wrote."""
    within = require()
    if not within.is_walled:
        raise Failed(
            "no_sandbox", "This server has no sandbox, and nobody's pages are opened outside of one."
        )
    (folder / "report.json").unlink(missing_ok=True)
    parts = urlsplit(address)
    place = (str(parts.hostname), parts.port or 80)
    work = Work(
        command=[str(python()), "-I", "-S", str(_HERE / program), json.dumps(told)],
        folder=folder,
        limits=limits,
        read_only=[_HERE / program, *(shown or [])],
        doors={place: installation().gateway_socket},
    )
    outcome = run(work, on_line=lambda _: None, cancelled=cancelled, within=within)
    if outcome.ended == "cancelled":
        raise Cancelled
    report = _read_report(folder / "report.json")
    if report is None:
        raise Failed("look_failed", _WHY.get(outcome.ended, "It ended before it had seen anything."))
    return report


_WHY = {
    "timeout": "It took too long and was stopped.",
    "memory": "It wanted more memory than it may have and was stopped.",
    "processes": "It started more processes than it may and was stopped.",
    "disk": "It wrote more than it may and was stopped.",
}


def _read_report(path: Path) -> dict[str, Any] | None:
    data = _read(path, _LARGEST_REPORT)
    with contextlib.suppress(ValueError, RecursionError):
        report = json.loads(data) if data else None
        return report if isinstance(report, dict) else None
    return None


def _read_picture(path: Path) -> bytes:
    data = _read(path, _LARGEST_PICTURE)
    return data if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else b""


def _read(path: Path, most: int) -> bytes:
    """Read a file that hostile code may have put there: no link, no pipe, not too large."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if stat.S_ISREG(facts.st_mode) and facts.st_size <= most:
                return file.read(most)
    return b""


def _listed(value: Any) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []


def _records(value: Any) -> list[dict[str, Any]]:
    return [each for each in _listed(value) if isinstance(each, dict)]


def _text(value: Any, limit: int = 300) -> str:
    return one_line(value, limit) if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return min(max(value, 0), 1_000_000) if isinstance(value, int) else 0
