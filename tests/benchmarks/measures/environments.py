"""Task environments: how cheap a poll is, and how long one takes to be ready, cold, built before and standing by."""

import contextlib
import sqlite3
import time
from statistics import median

from app.engine import starters
from tests.benchmarks import load
from tests.benchmarks.measures.figure import Figure, answers, ratio, times, yardstick
from tests.support.installation import Installation, free_port, wait_until
from tests.support.tasks import Made, Workspace

ROUNDS = 5
_TASK = "name: {name}\nversion: 1.0.{number}\nservices: {{web: }}\n"


def environment_status(here: Installation) -> Figure:
    """Compare an environment's status with a key to a bare Flask endpoint under the same gunicorn settings."""
    workspace = Workspace.make(here, "Polled")
    made = workspace.create(workspace.publish("name: polled\nversion: 1.0.0\n"))
    _await_ready(made)
    port = free_port()
    url = f"http://127.0.0.1:{port}/status"
    ours = f"http://127.0.0.1:{here.port}{made.address}/status"
    with yardstick("flask", str(port), ready=lambda: answers(url)):
        found, bare = load.side_by_side((ours, {"Authorization": f"Bearer {here.key}"}), (url, {}))
    made.tear_down()
    name = "status reads of a task environment with a key"
    return ratio(name, found, bare, "bare Flask JSON endpoint, same gunicorn", 0.5)


def static_task(here: Installation) -> Figure:
    """Measure the static starter as a task that nobody built so far."""
    return _cold(here, "static", 2)


def flask_task(here: Installation) -> Figure:
    """Measure the Flask starter as a task that nobody built so far; its packages were fetched before."""
    return _cold(here, "flask", 6)


def _cold(here: Installation, starter: str, most: float) -> Figure:
    workspace, files = Workspace.make(here, f"Tasks {starter}"), _files(starter)
    _seconds(
        workspace, workspace.publish(_TASK.format(name=starter, number=0), files)
    )  # fills the package cache
    cold, again = [], []
    for number in range(1, ROUNDS + 1):
        task = workspace.publish(_TASK.format(name=starter, number=number), files)
        cold.append(_seconds(workspace, task))
        again.append(_seconds(workspace, task))
    name = f"task to `ready`, {starter} starter, nobody built it before, median"
    return times(name, median(cold), median(again), "the next one of the same version", most)


def handed_out(here: Installation) -> Figure:
    """Measure the Flask starter as a task of which an environment stands ready before anybody asks."""
    workspace = Workspace.make(here, "Warm tasks")
    task = workspace.publish(f"{_TASK.format(name='warm', number=0)}warm: 1\n", _files("flask"))
    built, warm = _seconds(workspace, task), []
    for _ in range(ROUNDS):
        wait_until(lambda: _stands_ready(here), 60, "one to stand ready")
        warm.append(_seconds(workspace, task))
    name = "task to `ready`, Flask starter, one stands ready, median"
    return times(name, median(warm), built, "the first one, built and started", 1)


def _files(starter: str) -> dict[str, str]:
    return {path: data.decode() for path, data in starters.files(starter, name="Measured").items()}


def _seconds(workspace: Workspace, task: str) -> float:
    """Make an environment, wait until its status says that it is ready, tear it down; returns how long it took."""
    begin = time.perf_counter()
    made = workspace.create(task)
    _await_ready(made)
    took = time.perf_counter() - begin
    made.tear_down()
    return took


def _await_ready(made: Made) -> None:
    while (status := made.workspace.here.get(f"{made.address}/status?wait=5").json)["state"] != "ready":
        assert status["state"] in {"building", "provisioning"}, status


def _stands_ready(here: Installation) -> bool:
    with contextlib.closing(sqlite3.connect(here.home / "greenroom.db")) as database:
        found = database.execute("SELECT count(*) FROM environments WHERE is_warm AND state = 'ready'")
        return bool(found.fetchone()[0])
