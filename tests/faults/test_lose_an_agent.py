"""A program that works on a request: its worker may be killed, it may be stopped; nothing of it goes on alone."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.house import PLAIN, PROMISE, House, Request
from tests.support.installation import parent_of, wait_until

pytestmark = pytest.mark.real

# Forks what hears no signal, and ends only when it is let through.
AGENT = PLAIN | {
    "agent.sh": """trap '' TERM INT HUP
for each in 1 2; do
  setsid sh -c 'trap "" TERM INT HUP; while :; do sleep 1; done' "$2" &
done
echo waiting
until [ -e go ]; do sleep 0.05; done
rm go
echo '<h1>Open 9 to 5</h1>' > index.html
"""
}


@dataclass
class Work:
    """A program at work on a request."""

    request: Request
    session: str
    mark: str

    @property
    def house(self) -> House:
        return self.request.house

    @property
    def bench(self) -> Path:
        return self.house.here.home / "checkouts" / f"agent-{self.session.replace('-', '')}"

    @property
    def log(self) -> Path:
        return self.house.here.home / "logs" / "development" / f"{self.session}.log"

    def await_times(self, count: int) -> None:
        """Wait until it is at work for that time."""
        wait_until(lambda: self._beginnings() >= count, PROMISE, f"the program's start number {count}")

    def _beginnings(self) -> int:
        with contextlib.suppress(OSError):
            return self.log.read_text().splitlines().count("waiting")
        return 0

    def release(self) -> None:
        (self.bench / "tree" / "go").touch()

    def await_end(self, *wanted: str) -> dict[str, object]:
        path = f"/requests/{self.request.id}/development/status"
        wait_until(lambda: self.house.ask("GET", path)["status"] in wanted, PROMISE, f"{wanted}")
        return self.house.ask("GET", path)  # type: ignore[no-any-return]

    def is_traceless(self) -> bool:
        return not self.bench.exists() and self.house.carriers_of(self.mark) == []


@pytest.fixture
def work(house: House) -> Work:
    """A program that works, and waits to be let through."""
    project = house.project(AGENT)
    request = house.ready_request(project)
    mark = f"agent-{request.number}-of-{project.id}"
    chosen = {"agentPreset": "own", "agentCommand": f"sh agent.sh {{prompt_file}} {mark}"}
    house.ask("PUT", f"/projects/{project.id}", chosen)
    started = house.ask("POST", f"/requests/{request.id}/development/start", {"agent": "command"})
    at = Work(request, started["sessionId"], mark)
    at.await_times(1)
    assert house.carriers_of(mark)
    return at


class TestWorker:
    def test_what_its_end_took_along_is_done_again(self, house: House, work: Work) -> None:
        at_work = house.here.pids("worker-agent")
        with house.nothing_is_lost():
            house.here.kill("worker-agent")
            wait_until(lambda: not any(map(parent_of, at_work)), 5, "its job to be gone with it")
            wait_until(lambda: not house.carriers_of(work.mark), 5, "the program to be gone with it")
            work.await_times(2)
            work.release()

            done = work.await_end("completed")
            house.await_truth()

        assert work.request.status == "in_review"
        assert done["commitSha"]
        wait_until(work.is_traceless, 20, "everything of it to be gone")

    def test_lost_again_and_again_it_fails_with_the_reason(self, house: House, work: Work) -> None:
        with house.nothing_is_lost():
            for count in (1, 2):
                work.await_times(count)
                house.here.kill("worker-agent")
                wait_until(lambda: not house.carriers_of(work.mark), 5, "the program to be gone with it")

            failed = work.await_end("failed")
            house.await_truth()

        assert failed["error"]["code"] == "worker_lost"  # type: ignore[index]
        assert work.request.status == "ready"
        wait_until(work.is_traceless, 20, "everything of it to be gone")


def test_stopped_nothing_of_it_lives_once_it_is_said(house: House, work: Work) -> None:
    house.ask("POST", f"/requests/{work.request.id}/development/cancel")

    work.await_end("cancelled")

    assert work.is_traceless()
    assert work.request.status == "ready"
    house.await_truth()
