"""What the processes need: memory at rest, and the time from a row to a worker's first step."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from statistics import median

import psutil

from tests.benchmarks.measures.figure import Figure
from tests.benchmarks.measures.projects import walked
from tests.support.installation import Installation, wait_until

MEBIBYTE = 1024 * 1024


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


def enqueue_to_start(here: Installation) -> Figure:
    """Return the median from writing a run to a worker's taking it, as the ledger keeps both."""
    request = walked(here)
    address = f"/api/requests/{request['id']}/preview"
    for _ in range(12):
        wait_until(lambda: not at_work(here), 60, "the workers have nothing to do")
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


def at_work(here: Installation) -> int:
    """Count what waits for a worker or is done by one: behind it, a run would wait for that and not for us."""
    with contextlib.closing(sqlite3.connect(here.home / "greenroom.db")) as database:
        row = database.execute("SELECT count(*) FROM runs WHERE state IN ('queued', 'running')").fetchone()
    return int(row[0])


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
    with contextlib.closing(sqlite3.connect(here.home / "greenroom.db")) as database:
        rows = database.execute(
            "SELECT (julianday(started_at) - julianday(created_at)) * 86400 FROM runs "
            "WHERE kind = ? AND started_at IS NOT NULL",
            (kind,),
        ).fetchall()
    return [row[0] for row in rows]
