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

from app.engine import starters
from app.engine.builds import languages
from app.engine.plans import Plan, plan_for
from tests.benchmarks.measures.figure import Figure, times
from tests.benchmarks.measures.projects import walked
from tests.support.installation import Installation, free_port, wait_until

ROUNDS = 5


def static_to_ready(here: Installation) -> Figure:
    """Measure the static starter; by hand it is `git archive | tar`."""
    return _to_ready(here, "static", 2)


def flask_to_ready(here: Installation) -> Figure:
    """Measure the Flask starter; by hand it is a virtual environment, the install, the start, an answer."""
    return _to_ready(here, "flask", 6)


def vite_to_ready(here: Installation) -> Figure:
    """Measure the Vite starter; by hand it is the install and the build."""
    return _to_ready(here, "vite", 10)


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
    """Run what the plan runs, with the same warm cache, in a folder of our own; returns seconds."""
    repository = here.home / "repositories" / f"{request['projectId']}.git"
    cache = here.home / "caches" / request["projectId"] / "packages"
    files = starters.files(starter, name="Measured")
    plan = plan_for(files, files.__getitem__)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        archive = subprocess.run(
            ["git", "-C", str(repository), "archive", "HEAD"], capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        environment = os.environ | languages.QUIET | languages.caches(plan, str(cache))
        for command in _commands(plan):
            subprocess.run(
                languages.within(plan, command),
                shell=True,
                cwd=folder,
                env=environment,
                check=True,
                capture_output=True,
            )
        with _running(plan, Path(folder), environment):
            return time.perf_counter() - begin


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
