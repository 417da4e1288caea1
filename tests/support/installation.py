"""A real installation in a folder of its own: the processes that a person would start, and ways to hurt them."""

import contextlib
import ctypes
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
T = TypeVar("T")
QUICK = {
    "GREENROOM_BROWSER": "none",  # a test that is about it names its own
    "GREENROOM_SWEEP_SECONDS": "2",
    "GREENROOM_RECONCILE_SECONDS": "3",
    "GREENROOM_LEASE_SECONDS": "4",
    "GREENROOM_WORKER_IDLE_SECONDS": "0",  # tests hold and kill workers before there is something to do
}
OURS = ("GREENROOM_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "VALKEY_SERVER_BIN", "PYTEST_")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@dataclass
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        """The inside of the API's envelope."""
        return self.json["data"]


@dataclass
class Installation:
    """One running Greenroom: its addresses, its people, its processes."""

    settings: dict[str, str] = field(default_factory=dict)
    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="gr-")))
    port: int = field(default_factory=free_port)
    gateway_port: int = field(default_factory=free_port)
    key: str = ""
    _process: subprocess.Popen[bytes] | None = None

    # --- its life ----------------------------------------------------------------------------------------

    def start(self, *, seconds: float = 60) -> Self:
        """Start everything, as `bin/up` does, and wait until it is ready."""
        with (self.home / "up.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "app.cli", "up"],
                env=self.environment,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_stop_with_us,  # noqa: PLW1509 - no other thread at that moment
            )
        try:
            wait_until(self._is_ready, seconds, "the installation to be ready")
        except TimeoutError as late:
            raise RuntimeError(f"{late}\n{self.last_words()}") from late
        return self

    def _is_ready(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"the installation ended with {self._process.returncode}\n{self.last_words()}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.request("GET", "/readyz", timeout=5).status == 200
        return False

    def stop(self, number: signal.Signals = signal.SIGTERM, *, seconds: float = 15) -> int:
        """Ask the supervisor to end and wait for it; returns its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(number)
        try:
            return self._process.wait(seconds)
        finally:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """End it and take everything of it away."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.stop()
        for pid in self.leftovers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return {
            **ours,
            "PYTHONPATH": str(ROOT),
            "GREENROOM_HOME": str(self.home),
            "GREENROOM_PORT": str(self.port),
            "GREENROOM_GATEWAY_PORT": str(self.gateway_port),
            **QUICK,
            **self.settings,
        }

    def last_words(self) -> str:
        """What it said on the terminal, and the end of each log."""
        logs = [self.home / "up.log", *sorted((self.home / "logs").glob("*.log"))]
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs if log.exists()
        )

    def mistakes(self) -> list[str]:
        """What the web process itself called a mistake of its own, each with where it happened."""
        log = self.home / "logs" / "web.log"
        said = log.read_text(errors="replace") if log.exists() else ""
        return [
            found[-3000:] for found in re.findall(r"request \S+ broke.*?(?=\n\d{4}-|\Z)", said, re.DOTALL)
        ]

    # --- its addresses -----------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 90,
    ) -> Answer:
        """Ask the main site, with the admin's key unless another one (or an empty one) is given."""
        sent = {"Host": urlsplit(self.url).netloc, "Accept": "application/json"}
        if bearer := self.key if key is None else key:
            sent["Authorization"] = f"Bearer {bearer}"
        return _ask(self.port, method, path, body, sent | (headers or {}), timeout)

    def get(self, path: str, **more: Any) -> Answer:
        return self.request("GET", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> Answer:
        return self.request("POST", path, body, **more)

    def open(
        self, label: str, path: str = "/", *, key: str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Ask for what stands behind a host label, through the gateway, with the admin's key."""
        sent = {"Host": f"{label}.preview.localhost:{self.gateway_port}"}
        if known := self.key if key is None else key:
            sent["X-Greenroom-Key"] = known
        return _ask(self.gateway_port, "GET", path, None, sent | (headers or {}), 90)

    # --- its people --------------------------------------------------------------------------------------

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line beside it."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "app.cli", *arguments],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def admin(self, email: str = "ada@example.org", organization: str = "Ada's Bakery") -> str:
        """Make an admin and a key with every scope; the key is used from here on."""
        made = self.run(
            *("admin", "create", "--email", email, "--password", PASSWORD, "--organization", organization)
        )
        assert made.returncode == 0, made.stderr
        key = self.run(
            "api-key", "create", "--email", email, "--name", "tests", "--scopes", "read,write,admin"
        )
        assert key.returncode == 0, key.stderr
        self.key = key.stdout.strip()
        return self.key

    def disagreements(self) -> list[str]:
        """What `doctor --truth` finds."""
        answer = self.run("doctor", "--truth")
        if answer.returncode not in {0, 1}:
            return [f"doctor itself failed: {answer.stderr[-1500:]}"]
        return answer.stdout.splitlines() + answer.stderr.splitlines() if answer.returncode else []

    # --- its processes -----------------------------------------------------------------------------------

    @property
    def supervisor(self) -> int:
        assert self._process is not None
        return self._process.pid

    def main_pid(self, role: str) -> int | None:
        """The process that the supervisor started for a role, while it lives."""
        records = [*self.home.glob("run/processes.json")]
        with contextlib.suppress(OSError, ValueError):
            pid = json.loads(records[0].read_text())["roles"].get(role) if records else None
            return pid if pid and parent_of(pid) == self.supervisor else None
        return None

    def pids(self, role: str) -> list[int]:
        """A role's process and all that descend from it."""
        main = self.main_pid(role)
        return [] if main is None else [main, *descendants(main)]

    def kill(self, role: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Hurt a role's process; returns which one it was."""
        pid = wait_until(lambda: self.main_pid(role), 20, f"{role} to be there")
        os.kill(pid, number)
        if number == signal.SIGKILL:
            wait_until(lambda: parent_of(pid) is None, 10, f"{role} to be gone")
        return pid

    def leftovers(self) -> list[int]:
        """Every living process that has this installation's home in its environment or command line."""
        return processes_of(self.home)


def processes_of(home: Path) -> list[int]:
    """Every living process, but this one, that names `home`."""
    found, mark = [], os.fsencode(home)
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            named = mark in (entry / "environ").read_bytes() or mark in (entry / "cmdline").read_bytes()
            if named and int(entry.name) != os.getpid() and parent_of(int(entry.name)) is not None:
                found.append(int(entry.name))
    return found


def carriers_of(mark: str) -> list[int]:
    """Every living process that carries a mark in its environment or command line."""
    found, wanted = [], mark.encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            named = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            if wanted in named and int(entry.name) != os.getpid() and parent_of(int(entry.name)):
                found.append(int(entry.name))
    return found


def descendants(pid: int) -> list[int]:
    """All living processes below one."""
    parents = {int(entry.name): parent_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    found: list[int] = []
    layer = [pid]
    while layer:
        layer = [child for child, parent in parents.items() if parent in layer]
        found += layer
    return found


def parent_of(pid: int) -> int | None:
    """A process's parent; None when it is gone or a zombie."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return None if fields[0] in {"Z", "X"} else int(fields[1])
    return None


def wait_until(predicate: Callable[[], T], seconds: float, what: str) -> T:
    """Ask until the answer is true; the time is only the limit after which it is a failure."""
    end = time.monotonic() + seconds
    while True:
        if answer := predicate():
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.1)


def _ask(port: int, method: str, path: str, body: object, headers: dict[str, str], timeout: float) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    with contextlib.closing(connection):
        content = None
        if body is not None:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers = {"Content-Type": "application/json", **headers}
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def _stop_with_us() -> None:
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)


@pytest.fixture
def install() -> Iterator[Callable[..., Installation]]:
    """Return a way to start installations: `install(GREENROOM_SWEEPER="off")`; all of them are removed."""
    made: list[Installation] = []

    def start(*, wait: bool = True, **settings: str) -> Installation:
        here = Installation(settings=settings)
        made.append(here)
        return here.start() if wait else here

    try:
        yield start
    finally:
        for here in made:
            here.remove()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """One running installation with an admin, for the tests of a file that do it no harm."""
    here = Installation()
    try:
        here.start().admin()
        yield here
    finally:
        here.remove()
