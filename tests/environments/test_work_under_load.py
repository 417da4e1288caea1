"""Fifty environments made, polled by two hundred, worked in and taken away at once: each as asked, nothing is left."""

import asyncio
import contextlib
import json
import random
import socket
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.faults.house import PACE, House
from tests.support.installation import Installation, wait_until
from tests.support.tasks import Workspace

pytestmark = pytest.mark.real

MANY, POLLERS_OF_EACH = 50, 4
PROCESSES = (
    8  # so many of them have a process, the others have files; starting processes is not what is proven
)
LONGEST = 240.0  # seconds; only the limit, for a machine that does much else
PAGE = "name: page\nversion: 1.0.0\nservices:\n  web:\n"
APP = (
    "name: app\nversion: 1.0.0\nservices:\n  web: {command: python3 -m http.server $PORT --bind 127.0.0.1}\n"
)
OVER = {"torn_down", "failed"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house of its own, with ports that no other one has."""
    first = random.SystemRandom().randrange(20_000, 30_000)
    more = {"GREENROOM_ENVIRONMENT_PORTS": f"{first}-{first + 2 * MANY}"}
    here = Installation(settings=PACE | more)
    try:
        yield House(here, tmp_path).open()
    finally:
        here.remove()


@dataclass
class Life:
    """One environment, as those who asked for it and about it saw it."""

    number: int
    id: str
    token: str
    ran: dict[str, Any] = field(default_factory=dict)
    page: str = ""
    delivered: list[dict[str, Any]] = field(default_factory=list)  # answers that had the token
    addresses: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, answer: dict[str, Any]) -> None:
        self.states.add(answer["state"])
        if answer["service_urls"]:
            self.addresses.add(json.dumps(answer["service_urls"], sort_keys=True))
        if answer["execute_token"] is not None:
            self.delivered.append(answer)
        if answer["state"] in {"ready", *OVER}:
            self.is_ready.set()


class Crowd:
    """All that is asked at once, on one event loop."""

    def __init__(self, client: aiohttp.ClientSession, place: str) -> None:
        self._client, self._place = client, place
        self._all_have_worked = asyncio.Barrier(MANY)
        self.reads = 0

    async def live(self, number: int) -> Life:
        """Make an environment, have it polled, work in it, take it away when all have worked."""
        task = "app" if number < PROCESSES else "page"
        async with self._client.post(self._place, json={"task_ref": task}) as answer:
            assert answer.status == 201, await answer.text()
            made = await answer.json()
        life = Life(number, made["id"], made["execute_token"])
        async with asyncio.TaskGroup() as pollers:
            for each in range(POLLERS_OF_EACH):
                pollers.create_task(self._poll(life, waits=each % 2 == 0))
            await life.is_ready.wait()
            await self._work(life)
            await self._all_have_worked.wait()
            async with self._client.delete(f"{self._place}/{life.id}") as answer:
                assert answer.status == 204, await answer.text()
        return life

    async def _poll(self, life: Life, *, waits: bool) -> None:
        """Ask until it is over: as clients do, slower and slower, or by waiting for a change."""
        pace, tag = 1.0, ""
        while not life.states & OVER:
            address = f"{self._place}/{life.id}/status" + ("?wait=10" if waits else "")
            async with self._client.get(address, headers={"If-None-Match": tag} if tag else {}) as answer:
                assert answer.status in {200, 304}, await answer.text()
                self.reads += 1
                if answer.status == 200:
                    life.see(await answer.json())
                tag = answer.headers["ETag"] if waits else ""
            if not waits:
                await asyncio.sleep(pace)
                pace = min(pace * 1.5, 5.0)

    async def _work(self, life: Life) -> None:
        """Write a file of its own, look for those of others, and open its service."""
        command = f"echo {life.number} > mine && cat mine; ls /app/../*/mine | wc -l"
        headers = {"X-Environment-Token": f"Bearer {life.token}"}
        async with self._client.post(
            f"{self._place}/{life.id}/execute", json={"command": command}, headers=headers
        ) as answer:
            life.ran = await answer.json()
        url = json.loads(next(iter(life.addresses)))["web"]["url"]
        async with aiohttp.ClientSession() as anybody, anybody.get(f"{url}/mine") as answer:
            life.page = await answer.text()


async def all_at_once(place: str, key: str) -> tuple[list[Life], int]:
    connections = aiohttp.TCPConnector(limit=0)
    limit = aiohttp.ClientTimeout(total=LONGEST)
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(connector=connections, headers=headers, timeout=limit) as client:
        crowd = Crowd(client, place)
        async with asyncio.timeout(LONGEST), asyncio.TaskGroup() as all_of_them:
            lives = [all_of_them.create_task(crowd.live(number)) for number in range(MANY)]
    return [life.result() for life in lives], crowd.reads


def test_fifty_end_as_asked_and_leave_nothing(house: House) -> None:
    here, workspace = house.here, Workspace.make(house.here, "Crowd")
    for task in (PAGE, APP):
        workspace.publish(task, {"index.html": "<h1>Bakery</h1>"})

    lives, reads = asyncio.run(all_at_once(f"http://127.0.0.1:{here.port}{workspace.environments}", here.key))

    assert Counter(len(each.delivered) for each in lives) == {1: MANY}
    assert all(each.delivered[0]["execute_token"] == each.token for each in lives)
    assert all(each.delivered[0]["service_urls"] for each in lives)
    assert all(len(each.addresses) == 1 for each in lives), "an address changed"
    assert len({address for each in lives for address in each.addresses}) == MANY
    assert [each.ran for each in lives] == [
        {"exit_code": 0, "output": f"{each.number}\n1\n"} for each in lives
    ]
    assert [each.page for each in lives] == [f"{each.number}\n" for each in lives]
    assert {state for each in lives for state in each.states} <= {
        "building",
        "provisioning",
        "ready",
        "torn_down",
    }
    assert all("torn_down" in each.states for each in lives)
    assert reads >= MANY * POLLERS_OF_EACH

    wait_until(lambda: not traces(house), 30, "nothing of them to be left")
    assert house.rows("SELECT DISTINCT state, token FROM environments") == [("torn_down", None)]
    given = [port for (port,) in house.rows("SELECT port FROM routes WHERE port IS NOT NULL")]
    let_time_pass(house)
    wait_until(lambda: not any(map(is_open, given)), 30, "the ports to be closed")
    house.await_truth()


def traces(house: House) -> list[str]:
    """What is left of environments on this machine and in the database."""
    home = house.here.home
    found = [f"process {pid}" for pid in house.carriers_of(":environment-")]
    found += [str(path) for path in (home / "checkouts").glob("*environment-*")]
    found += [str(path) for path in (home / "run" / "i").glob("*.sock")]
    lead = house.rows("SELECT label, kind FROM routes WHERE label LIKE 'env-%' AND kind != 'gone'")
    run = house.rows("SELECT label FROM instances WHERE purpose = 'environment' AND state != 'gone'")
    return found + [f"row {row}" for row in [*lead, *run]]


def let_time_pass(house: House) -> None:
    """Let the ports have said for long enough that what was there is gone."""
    database = sqlite3.connect(house.here.home / "greenroom.db", timeout=20)
    with contextlib.closing(database), database:
        database.execute("UPDATE routes SET updated_at = datetime('now', '-2 minutes') WHERE kind = 'gone'")


def is_open(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0
