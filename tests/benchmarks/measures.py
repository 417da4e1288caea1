"""The measures: each returns a figure, its yardstick and the target."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from tests.benchmarks import load
from tests.support.installation import ROOT, Installation, free_port, wait_until

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    value: str
    yardstick: str
    ratio: str
    target: str
    is_met: bool


@contextlib.contextmanager
def yardstick(*arguments: str, ready: Callable[[], bool]) -> Iterator[None]:
    """Run one of the yardsticks until it is measured."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.yardsticks", *arguments], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(ready, 20, f"the yardstick {arguments[0]} answers")
        yield
    finally:
        process.terminate()
        process.wait(10)


def answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def memory_at_rest(here: Installation) -> Figure:
    """Return the proportional memory of every process of an installation that does nothing."""
    wait_until(lambda: here.get("/readyz").status == 200, 30, "the installation is ready")
    root = psutil.Process(here.supervisor)
    processes = [root, *root.children(recursive=True)]
    found = sum(process.memory_full_info().pss for process in processes) / MEBIBYTE
    single = psutil.Process(os.getpid()).memory_full_info().pss / MEBIBYTE
    return Figure(
        "memory at rest, all processes (PSS)",
        f"{found:.0f} MiB in {len(processes)} processes",
        f"{single:.0f} MiB: this measuring process",
        "",
        "≤ 250 MiB",
        found <= 250,
    )


def status_reads(here: Installation) -> Figure:
    """Compare `preview/status` with a key to a bare Flask endpoint under the same gunicorn settings."""
    request = walked(here)
    port = free_port()
    url = f"http://127.0.0.1:{port}/status"
    headers = {"Authorization": f"Bearer {here.key}"}
    with yardstick("flask", str(port), ready=lambda: answers(url)):
        ours, bare = load.side_by_side(
            (f"http://127.0.0.1:{here.port}/api/requests/{request['id']}/preview/status", headers), (url, {})
        )
    return ratio("status reads with a key", ours, bare, "bare Flask JSON endpoint, same gunicorn", 0.5)


def gateway_requests(here: Installation) -> Figure:
    """Compare a running app behind the gateway to a bare aiohttp proxy in front of the same app's socket."""
    label, socket = running_app(here)
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    host = f"{label}.preview.localhost:{here.gateway_port}"
    with yardstick("proxy", str(port), str(socket), ready=lambda: answers(url)):
        ours, bare = load.side_by_side(
            (f"http://127.0.0.1:{here.gateway_port}/", {"Host": host, "X-Greenroom-Key": here.key}), (url, {})
        )
    return ratio("gateway requests", ours, bare, "bare aiohttp proxy, same upstream", 0.85)


def running_app(here: Installation) -> tuple[str, Path]:
    """Push an app that answers twelve bytes, wait until it is live, and return its host label and socket."""
    me = here.get("/api/users/me").data
    body = {"organizationId": me["organizations"][0]["id"], "name": "Twelve bytes", "starter": "empty"}
    project = here.post("/api/admin/projects", body).data
    address = project["repository"]["cloneUrl"].replace("://", f"://key:{here.key}@")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "Procfile").write_text("web: python3 server.py\n")
        Path(folder, "server.py").write_text(_SERVER)
        git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Answer"]):
            subprocess.run([*git, *command], check=True)
        subprocess.run([*git, "push", "-q", address, "main"], check=True, capture_output=True)
    wait_until(lambda: here.open(project["slug"]).body == b"hello, world", 60, "the app is live")
    (socket,) = (path for path in sockets(here) if path.exists())
    return project["slug"], socket


_SERVER = """
import asyncio, os

ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 12\\r\\n\\r\\nhello, world"


class Answer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(ANSWER * data.count(b"\\r\\n\\r\\n"))


async def main():
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


asyncio.run(main())
"""


def sockets(here: Installation) -> list[Path]:
    """Return the sockets of the instances of an installation."""
    from app.config import Settings

    run = Settings.from_environment(here.environment).installation().run
    return list((run / "i").glob("*.sock"))


def ratio(name: str, ours: float, bare: float, beside: str, least: float) -> Figure:
    return Figure(
        name,
        f"{ours:,.0f} /s",
        f"{bare:,.0f} /s: {beside}",
        f"{ours / bare:.2f}",
        f"≥ {least}",
        ours / bare >= least,
    )


def walked(here: Installation) -> dict[str, Any]:
    """Return a request of the static starter whose preview is up."""
    me = here.get("/api/users/me").data
    body = {"organizationId": me["organizations"][0]["id"], "name": "Measured", "starter": "static"}
    project = here.post("/api/admin/projects", body).data
    request: dict[str, Any] = here.post(
        f"/api/projects/{project['id']}/requests", {"title": "Measure it"}
    ).data
    address = f"/api/requests/{request['id']}"
    here.post(f"{address}/interview/message", {"answers": {}})
    here.post(f"{address}/interview/complete", {})
    here.post(f"{address}/development/start", {"agent": "outline"})

    def is_up() -> bool:
        return bool(here.get(f"{address}/preview/status").data["status"] == "ready")

    wait_until(is_up, 60, "the preview is up")
    return request


def enqueue_to_start(here: Installation) -> Figure:
    """Return the median from writing a run to a worker's taking it, as the ledger keeps both."""
    request = walked(here)
    address = f"/api/requests/{request['id']}/preview"
    for _ in range(12):
        here.post(address, {"force": True})
        wait_until(
            lambda: here.get(f"{address}/status").data["status"] in {"ready", "failed"},
            60,
            "the preview is up",
        )
    waits = [float(row) for row in runs(here, "previews.build_preview")]
    found = median(waits)
    return Figure(
        "enqueue to start of a job, median",
        f"{found:.3f} s of {len(waits)}",
        f"{forked():.3f} s: starting a Python process",
        "",
        "≤ 0.15 s",
        found <= 0.15,
    )


def forked() -> float:
    """Return how long this machine needs to start and end an empty Python process."""
    found = []
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-S", "-c", ""], check=True)
        found.append(time.perf_counter() - begin)
    return median(found)


def runs(here: Installation, kind: str) -> list[float]:
    """Read from the ledger how long each run of a kind waited for its worker, in seconds."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(here.home / "greenroom.db")) as database:
        rows = database.execute(
            "SELECT (julianday(started_at) - julianday(created_at)) * 86400 FROM runs "
            "WHERE kind = ? AND started_at IS NOT NULL",
            (kind,),
        ).fetchall()
    return [row[0] for row in rows]


def preview_to_ready(here: Installation) -> Figure:
    """Return the median from `POST …/preview` to `ready` of the static starter, asked for as a program does."""
    request = walked(here)
    address, found = f"/api/requests/{request['id']}/preview", []
    for _ in range(7):
        begin = time.perf_counter()
        here.post(address, {"force": True})
        while here.get(f"{address}/status?wait=5").data["status"] != "ready":
            pass
        found.append(time.perf_counter() - begin)
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        repository = next((here.home / "repositories").glob("*.git"))
        tar = subprocess.run(
            ["git", "-C", str(repository), "archive", "HEAD"], capture_output=True, check=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=tar, check=True)
    by_hand = time.perf_counter() - begin
    return Figure(
        "`preview` to `ready`, static starter, median",
        f"{median(found):.2f} s",
        f"{by_hand:.2f} s: git archive | tar by hand",
        "",
        "≤ 2 s",
        median(found) <= 2,
    )


ALL: dict[str, Callable[[Installation], Figure]] = {
    "memory": memory_at_rest,
    "status": status_reads,
    "gateway": gateway_requests,
    "start": enqueue_to_start,
    "preview": preview_to_ready,
}
