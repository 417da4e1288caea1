"""Previews of versions that are opened and closed at random, some of it by killing processes, leave nothing behind.

`GREENROOM_OPENINGS=100` does it that often.
"""

import contextlib
import os
import random
import signal
import sqlite3
from dataclasses import dataclass

import pytest

from tests.faults.house import PLAIN, PROMISE, SERVED, House
from tests.support.installation import wait_until

pytestmark = pytest.mark.real

OPENINGS = int(os.environ.get("GREENROOM_OPENINGS", "10"))
ENDED = {"stopped", "failed"}


@dataclass
class Opened:
    """One preview session, as whoever edits knows it."""

    house: House
    id: str

    @property
    def name(self) -> str:
        return self.id.replace("_", "-")

    @property
    def status(self) -> str:
        with contextlib.suppress(OSError):
            answer = self.house.call("GET", f"/apps/preview/{self.id}")
            return str(answer.json["status"]) if answer.status == 200 else ""
        return ""

    def close(self) -> None:
        def is_taken() -> bool:  # the web may be away for the moment
            with contextlib.suppress(OSError):
                return self.house.call("DELETE", f"/apps/preview/{self.id}").status == 200
            return False

        wait_until(is_taken, PROMISE, "the end to be asked for")

    def walk_away(self) -> None:
        """Be gone for two minutes already."""
        path = self.house.here.home / "greenroom.db"
        with contextlib.closing(sqlite3.connect(path, timeout=20)) as database, database:
            database.execute(
                "UPDATE app_preview_sessions SET last_heartbeat_at = datetime('now', '-2 minutes') WHERE id = ?",
                (self.id,),
            )

    def kill_something(self, chance: random.Random) -> None:
        processes = self.house.carriers_of(f":{self.name}")
        what = chance.choice(["keeper", "worker-build", "worker-quick", *(["itself"] if processes else [])])
        if what == "itself":
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(processes), signal.SIGKILL)
        else:
            self.house.here.kill(what)

    def traces(self) -> list[str]:
        """What is left of it on this machine."""
        home = self.house.here.home
        found = [f"process {pid}" for pid in self.house.carriers_of(f":{self.name}")]
        found += [str(path) for path in (home / "checkouts").glob(f"*{self.name}*")]
        return found + [str(path) for path in (home / "run").glob(f"*{self.name}*")]


def open_one(house: House, version: str) -> Opened:
    found: list[str] = []

    def is_open() -> bool:  # one that is just being stopped is waited for
        with contextlib.suppress(OSError):
            answer = house.call("POST", "/app-preview-sessions", {"appVersionId": version})
            if answer.status == 201:
                found.append(answer.json["id"])
        return bool(found)

    wait_until(is_open, PROMISE, "a session to be opened")
    return Opened(house, found[-1])


def version_of(house: House, files: dict[str, str]) -> str:
    project = house.project(files)
    row = house.rows("SELECT default_version_id FROM apps WHERE project_id = ?", project.id.replace("-", ""))
    return str(row[0][0])


def test_nothing_is_left_behind(house: House) -> None:
    chance = random.Random(90)
    versions = [version_of(house, PLAIN), version_of(house, SERVED)]
    opened = []
    for number in range(OPENINGS):
        one = open_one(house, versions[number % 2])
        opened.append(one)
        if chance.random() < 0.6:
            wait_until(lambda one=one: one.status in {"ready", *ENDED}, PROMISE, f"{one.id} to be up")
        if number % 3 == 2:
            one.kill_something(chance)
        if number % 5 == 4:
            one.walk_away()
            wait_until(lambda one=one: one.status in ENDED, PROMISE, f"{one.id} to be missed")
        else:
            one.close()

    wait_until(lambda: all(one.status in ENDED for one in opened), PROMISE, "all of them to be over")
    wait_until(lambda: not any(one.traces() for one in opened), PROMISE, "nothing to be left of them")
    wait_until(
        lambda: (
            not house.rows("SELECT label FROM routes WHERE label LIKE 'edit-%'")
            and not house.rows("SELECT label FROM instances WHERE purpose = 'session'")
        ),
        PROMISE,
        "no row to be left",
    )
    house.await_truth()
    assert len({one.id for one in opened}) == OPENINGS
