"""From `POST …/preview` to `ready`, for each starter, beside the same commands run by hand."""

import contextlib
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from app.engine import starters
from app.engine.builds import languages
from app.engine.plans import Plan, plan_for
from tests.benchmarks.measures.figure import Figure, p95, times
from tests.benchmarks.measures.projects import walked
from tests.support.installation import Installation, free_port, wait_until

ROUNDS, WAKES = 5, 20
OK = 200


def static_to_ready(here: Installation) -> Figure:
    """Measure the static starter; by hand it is `git archive | tar`."""
    return _to_ready(here, "static", 2)


def flask_to_ready(here: Installation) -> Figure:
    """Measure the Flask starter; by hand it is a virtual environment, the install, the start, an answer."""
    return _to_ready(here, "flask", 6)


def vite_to_ready(here: Installation) -> Figure:
    """Measure the Vite starter; by hand it is the install and the build."""
    return _to_ready(here, "vite", 10)


def wake(here: Installation) -> Figure:
    """Measure the first visit to a Flask preview that sleeps; by hand it is its start and first answer."""
    request = walked(here, "flask")
    address = f"/api/requests/{request['id']}/preview"
    label = urlsplit(here.get(f"{address}/status").data["previewUrl"]).netloc.split(".")[0]
    woken: list[float] = []
    for _ in range(WAKES):
        wait_until(lambda: _sleeps(here, address), 30, "it to sleep")
        begin = time.perf_counter()
        answer = here.open(label, headers={"Accept": "text/html"})
        while "<h1" not in answer.text or answer.status != OK:
            answer = here.open(label, headers={"Accept": "text/html"})
        woken.append(time.perf_counter() - begin)
    by_hand = _started_by_hand(here, request)
    name = "wake of a sleeping Flask preview, 95th percentile"
    return times(name, p95(woken), p95(by_hand), "start and first answer by hand", 2)


def _sleeps(here: Installation, address: str) -> bool:
    """Put it to sleep until it is; the first look at a new preview wakes it once more."""
    if here.get(f"{address}/status").data["status"] == "asleep":
        return True
    here.post(f"{address}/sleep")
    return False


def _started_by_hand(here: Installation, request: dict[str, Any]) -> list[float]:
    """Start what was built again and again, outside the sandbox; returns seconds until each answered."""
    found = []
    files = starters.files("flask", name="Measured")
    plan = plan_for(files, files.__getitem__)
    with _checked_out(here, request, plan) as (folder, environment):
        for _ in range(WAKES):
            begin = time.perf_counter()
            with _running(plan, folder, environment):
                found.append(time.perf_counter() - begin)
    return found


def _to_ready(here: Installation, starter: str, most: float) -> Figure:
    request = walked(here, starter)  # fills the package cache
    address, found = f"/api/requests/{request['id']}/preview", []
    by_hand = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        here.post(address, {"force": True})
        while here.get(f"{address}/status?wait=5").data["status"] != "ready":
            pass
        found.append(time.perf_counter() - begin)
        by_hand.append(_by_hand(here, request, starter))
    name = f"`preview` to `ready`, {starter} starter, median"
    return times(name, median(found), median(by_hand), "the same commands by hand", most)


def _by_hand(here: Installation, request: dict[str, Any], starter: str) -> float:
    """Run what the plan runs, in a folder of our own, until it answers; returns seconds."""
    files = starters.files(starter, name="Measured")
    plan = plan_for(files, files.__getitem__)
    begin = time.perf_counter()
    with (
        _checked_out(here, request, plan) as (folder, environment),
        _running(plan, folder, environment),
    ):
        return time.perf_counter() - begin


@contextlib.contextmanager
def _checked_out(
    here: Installation, request: dict[str, Any], plan: Plan
) -> Iterator[tuple[Path, dict[str, str]]]:
    """Check main out and build it by its plan, with the same warm cache as the project's own builds."""
    repository = here.home / "repositories" / f"{request['projectId']}.git"
    cache = here.home / "caches" / request["projectId"] / "packages"
    environment = os.environ | languages.QUIET | languages.caches(plan, str(cache))
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "-C", str(repository), "archive", "HEAD"], capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        for command in _commands(plan):
            subprocess.run(
                languages.within(plan, command),
                shell=True,
                cwd=folder,
                env=environment,
                check=True,
                capture_output=True,
            )
        yield Path(folder), environment


def _commands(plan: Plan) -> list[str]:
    made = [languages.make_environment(plan)] if languages.needs_environment(plan) else []
    return [*made, *filter(None, (languages.install_command(plan), plan.build))]


@contextlib.contextmanager
def _running(plan: Plan, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Start what a plan starts and wait for its first answer; nothing where nothing is started."""
    if plan.run is None:
        yield
        return
    port = free_port()
    process = subprocess.Popen(
        ["sh", "-c", languages.within(plan, plan.run)],
        cwd=folder,
        env=environment | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: _answers(port), 30, "the app to answer")
        yield
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
        return True
    return False
