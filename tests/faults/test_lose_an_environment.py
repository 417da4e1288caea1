"""Environments at each state when a worker or the keeper is killed: within the promise all is as it is said to be."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.house import PROMISE, House
from tests.faults.test_kill_at_each_state import FAULTS, Fault
from tests.support.installation import wait_until
from tests.support.tasks import Made, Workspace

pytestmark = pytest.mark.real

WORKERS_AND_KEEPER = {name: FAULTS[name] for name in ("worker-build", "worker-quick", "keeper")}
SERVED = "services:\n  web: {command: python3 -m http.server $PORT --bind 127.0.0.1}\n"
# Each of its scripts waits until a file lies in its folder; a folder made anew waits again.
HELD = SERVED + (
    'build: "until [ -e built ]; do sleep 0.05; done"\n'
    "provision: {script: prepare.sh}\n"
    "teardown: {script: leave.sh}\n"
)
SCRIPTS = {
    "prepare.sh": "touch preparing\nuntil [ -e prepared ]; do sleep 0.05; done\n",
    "leave.sh": "touch leaving\nuntil [ -e left ]; do sleep 0.05; done\n",
}


@dataclass
class Place:
    """A workspace with an environment that is up and one that is paused, and more on their way."""

    house: House
    workspace: Workspace
    ready: Made
    paused: Made
    _count: int = 0

    @classmethod
    def lay_out(cls, house: House) -> "Place":
        workspace = Workspace.make(house.here, "Environments")
        plain = workspace.publish(f"name: plain\nversion: 1.0.0\n{SERVED}")
        ready, paused = workspace.create(plain), workspace.create(plain)
        for each in (ready, paused):
            wait_until(lambda each=each: each.state == "ready", PROMISE, "it to be ready")
        let_sleep(house, paused)
        wait_until(lambda: paused.state == "paused", PROMISE, "it to be paused")
        return cls(house, workspace, ready, paused)

    def folder(self, made: Made) -> Path:
        return self.house.here.home / "checkouts" / made.name

    def begin(self) -> Made:
        """Make an environment of a version that nobody built so far; its build waits."""
        self._count += 1
        self.workspace.publish(f"name: held\nversion: 1.0.{self._count}\n{HELD}", SCRIPTS)
        made = self.workspace.create("held")
        wait_until(lambda: self.house.carriers_of("until [ -e built ]"), 30, "its build to be at work")
        assert made.state == "building"
        return made

    def begin_again(self) -> Made:
        """Make another one of the version that is built by now; its provision script waits."""
        made = self.workspace.create("held")
        wait_until(lambda: self.has_reached(made, "preparing"), 30, "its provision script to be at work")
        assert made.state == "provisioning"
        return made

    def has_reached(self, made: Made, word: str) -> bool:
        return (self.folder(made) / word).exists()

    def build(self) -> None:
        for folder in (self.house.here.home / "checkouts").glob("task-*"):
            self._touch(folder / "built")

    def let(self, made: Made, word: str) -> None:
        """Let a script of an environment end, where its folder is there."""
        self._touch(self.folder(made) / word)

    def _touch(self, path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):  # the folder is made anew in this moment
            path.touch()

    def heals(self, *on_their_way: Made, leaving: Made | None = None) -> None:
        """Hold the installation to its promise: what was on its way arrives, what was up is up, all is true."""

        def is_done() -> bool:
            self.build()
            for each in on_their_way:
                self.let(each, "prepared")
            if leaving is not None:
                self.let(leaving, "left")
            is_gone = leaving is None or not self.traces(leaving)
            return is_gone and all(each.state == "ready" for each in (*on_their_way, self.ready))

        wait_until(is_done, PROMISE, "all of them to be where they shall be")
        for each in (*on_their_way, self.ready):
            wait_until(lambda each=each: self.answers(each), PROMISE, "its service to answer")
        self.house.await_truth()

    def answers(self, made: Made) -> bool:
        ran = made.run(
            "python3 -c \"import os, urllib.request as r; print(r.urlopen(os.environ['WEB_URL']).status)\""
        )
        return ran.status == 200 and ran.json == {"exit_code": 0, "output": "200\n"}

    def traces(self, made: Made) -> list[str]:
        home, label = self.house.here.home, made.name
        found = [f"process {pid}" for pid in self.house.carriers_of(f":{label}")]
        found += [str(path) for path in (home / "checkouts").glob(f"*{label}*")]
        rows = self.house.rows(
            "SELECT label FROM instances WHERE label LIKE ? AND state != 'gone'", f"{label}-%"
        )
        return found + [f"row {row}" for row in rows]


def let_sleep(house: House, made: Made) -> None:
    """Let its services sleep as soon as nobody visits them."""
    database = sqlite3.connect(house.here.home / "greenroom.db", timeout=20)
    with contextlib.closing(database), database:
        database.execute("UPDATE instances SET idle_seconds = 1 WHERE label LIKE ?", (f"{made.name}-%",))


@pytest.fixture(scope="module")
def place(house: House) -> Place:
    return Place.lay_out(house)


@pytest.mark.parametrize("fault", WORKERS_AND_KEEPER.values(), ids=WORKERS_AND_KEEPER)
def test_at_each_state(house: House, place: Place, fault: Fault) -> None:
    built = place.begin()
    fault(house)
    place.heals(built)

    prepared = place.begin_again()
    fault(house)
    place.heals(prepared, built)

    built.tear_down()
    wait_until(lambda: place.has_reached(built, "leaving"), 30, "its teardown to be at work")
    fault(house)
    place.heals(prepared, leaving=built)
    assert built.state == "torn_down"
    assert place.paused.state == "paused"
