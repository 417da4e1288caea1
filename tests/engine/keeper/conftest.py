"""A real keeper in a process of its own, beside the test's database."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from app.core.db import db, session, transaction
from app.core.installation import installation
from app.engine import instances
from app.engine.instances import Instance
from app.engine.keeper import facts, health
from app.engine.routes import Route

PROJECT = UUID("018f0000-0000-7000-8000-000000000001")
ORGANIZATION = UUID("018f0000-0000-7000-8000-000000000002")

SERVE = """
import http.server, os, signal, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/quit":
            os._exit(3)
        body = (os.environ.get("GREETING", "hello") + " " + str(os.getpid())).encode()
        self.send_response(int(os.environ.get("STATUS", "200")))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass
print("starting", flush=True)
if os.environ.get("STUBBORN"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


class House:
    """A keeper, and what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.log = installation().home / "keeper.log"

    def start(self) -> None:
        here = installation()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("keeper_process.py")), str(here.home),
                 db.engine.url.render_as_string(hide_password=False)],
                stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            )  # fmt: skip
        until(self.answers, "the keeper to answer", self.log.read_text)

    def answers(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return self.ask("ping") is True
        return False

    def ask(self, op: str, **arguments: Any) -> Any:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(installation().keeper_socket))
            line.sendall(json.dumps({"op": op, **arguments}).encode() + b"\n")
            reply = json.loads(line.makefile().readline())
        if not reply["ok"]:
            raise ValueError(reply["error"])
        return reply["answer"]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.process = None
        return code

    def want(
        self, label: str, *, command: str = 'exec python3 "$PWD/serve.py"', code: str = SERVE, **more: Any
    ) -> Instance:
        place = installation().checkouts / label
        place.mkdir(exist_ok=True, mode=0o755)
        (place / "serve.py").write_text(code)
        return instances.want(
            label, **{"purpose": "preview", "subject_id": label, "folder": place, "command": command,
                      "log_path": self.folder / f"{label}.log", **more},
        )  # fmt: skip

    def row(self, label: str) -> Instance:
        found = session.scalars(
            select(Instance).where(Instance.label == label).execution_options(populate_existing=True)
        ).one()
        session.commit()
        return found

    def state(self, label: str) -> str:
        return self.row(label).state.value

    def until_state(self, label: str, state: str) -> Instance:
        until(lambda: self.state(label) == state, f"{label} to be {state}",
              lambda: f"{self.state(label)}\n{self.row(label).error_message}\n{self.log.read_text()[-3000:]}")  # fmt: skip
        return self.row(label)

    def get(self, label: str, path: str = "/") -> int | None:
        return health.ask(instances.socket_path(label), path, seconds=5)

    def marked(self, label: str) -> list[int]:
        return facts.marked_processes().get(label, [])


def until(check: Callable[[], object], what: str, told: Callable[[], str] = str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}: {told()}")
        time.sleep(0.02)


@pytest.fixture(scope="session")
def _keeper() -> Iterator[list[subprocess.Popen[bytes]]]:
    """The keeper that tests share as long as none of them ends it."""
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.terminate()
        process.wait(20)


@pytest.fixture
def resting_house(database: None, tmp_path: Path, _keeper: list[subprocess.Popen[bytes]]) -> Iterator[House]:
    """A house without a keeper, until the test starts one."""
    while _keeper:
        process = _keeper.pop()
        process.terminate()
        process.wait(20)
    house = House(tmp_path)
    yield house
    if house.process is not None:
        house.stop()
    _clear_up()


@pytest.fixture
def house(database: None, tmp_path: Path, _keeper: list[subprocess.Popen[bytes]]) -> Iterator[House]:
    """A house with a keeper."""
    house = House(tmp_path)
    if _keeper:
        house.process = _keeper.pop()
    else:
        house.start()
    yield house
    _clear_up()
    if house.process is not None and house.process.poll() is None:
        _keeper.append(house.process)


def _clear_up() -> None:
    with transaction():
        session.execute(delete(Instance))
        session.execute(delete(Route))
    instances.ring_keeper()
    until(lambda: not facts.marked_processes(), "the last instance to end")
    for path in installation().checkouts.iterdir():
        shutil.rmtree(path)
