"""Previews of versions that are opened and closed at random, some of it by killing processes, leave nothing behind.

`GREENROOM_OPENINGS=1000` does it that often.
"""

import contextlib
import hashlib
import os
import random
import signal
import sqlite3
from dataclasses import dataclass

import pytest

from tests.faults.house import PLAIN, PROMISE, SERVED, House
from tests.support.installation import wait_until

pytestmark = pytest.mark.real

OPENINGS = int(os.environ.get("GREENROOM_OPENINGS", "100"))
AT_ONCE = 10
# How those that are open at once end; whatever is killed hits the others of its time, too.
ENDS = ["soon"] * 4 + ["up"] * 3 + ["process", "silence"]
KILLED = ["keeper", "worker-build", "worker-quick", "process", "silence"]
OVER = {"stopped", "failed"}


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

    def await_status(self, *wanted: str) -> None:
        wait_until(lambda: self.status in wanted, PROMISE, f"{self.id} to be {' or '.join(wanted)}")

    def meet(self, end: str, chance: random.Random) -> None:
        """Come to this end, or set out to."""
        if end in {"up", "process"}:
            self.await_status("ready", *OVER)
        if end == "process":
            self.kill_a_process(chance)
        elif end not in {"soon", "up", "silence"}:
            self.house.here.kill(end)
        if end == "silence":
            self.walk_away()
        else:
            self.close()

    def kill_a_process(self, chance: random.Random) -> None:
        found = self.house.carriers_of(f":{self.name}")
        if found:  # plain files need none
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)

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

    def traces(self) -> list[str]:
        """What is left of it on this machine."""
        home = self.house.here.home
        socket = hashlib.sha256(self.name.encode()).hexdigest()[:16]
        found = [f"process {pid}" for pid in self.house.carriers_of(f":{self.name}")]
        found += [str(path) for path in (home / "checkouts").glob(f"*{self.name}*")]
        found += [str(path) for path in (home / "run").glob(f"*{self.name}*")]
        return found + [str(path) for path in (home / "run" / "i").glob(f"{socket}*")]


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


def versions_of(house: House, files: dict[str, str], count: int) -> list[str]:
    """Make a project, and return so many versions of its app."""
    project = house.project(files)
    app, main = house.rows(
        "SELECT id, default_version_id FROM apps WHERE project_id = ?", project.id.replace("-", "")
    )[0]
    forks = [
        house.call("POST", "/app-versions", {"appId": app, "name": f"Fork {number}"}).json
        for number in range(1, count)
    ]
    return [str(main), *(each["id"] for each in forks)]


def ends_of(number: int, chance: random.Random) -> list[str]:
    """Say how those of a round end: a third of them because something is killed, or nobody is there."""
    ends = [*ENDS, KILLED[number % len(KILLED)]]
    chance.shuffle(ends)
    return ends


def test_nothing_is_left_behind(house: House) -> None:
    chance = random.Random(90)
    versions = versions_of(house, PLAIN, AT_ONCE // 2) + versions_of(house, SERVED, AT_ONCE // 2)
    opened: list[Opened] = []
    while len(opened) < OPENINGS:
        chance.shuffle(versions)
        here = [open_one(house, version) for version in versions]
        for one, end in zip(here, ends_of(len(opened) // AT_ONCE, chance), strict=True):
            one.meet(end, chance)
        opened += here
        wait_until(lambda here=here: all(one.status in OVER for one in here), PROMISE, "all to be over")

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
