"""Killed more than once, or in part: what the street of test_kill_at_each_state.py does not show."""

import os
import signal

import pytest

from tests.faults.house import GATED, SERVED, House, Project, Request
from tests.support.installation import parent_of, wait_until

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def gated(house: House) -> Project:
    """A project whose builds wait to be let through."""
    return house.project(GATED)


@pytest.fixture(scope="module")
def built(house: House, gated: Project) -> Request:
    """A request of it that has been shown once."""
    request = house.pushed_request(gated)
    request.await_status("ready")
    return request


@pytest.fixture(scope="module")
def served(house: House) -> Request:
    """A request whose preview is a process."""
    request = house.pushed_request(house.project(SERVED))
    request.await_status("ready")
    return request


@pytest.fixture
def building(gated: Project, built: Request) -> Request:
    """A request whose preview is being built at this moment, and goes on only when it is let through."""
    gated.hold()
    built.build_anew()
    built.await_build()
    return built


def heals(house: House, *requests: Request) -> None:
    """Hold the installation to its promise: previews up, addresses answering, the database true."""
    for request in requests:
        request.await_status("ready")
        request.await_answer()
    house.await_truth()


class TestWorker:
    def test_a_build_that_loses_its_worker_again_and_again_fails_with_the_reason(
        self, house: House, gated: Project, building: Request
    ) -> None:
        with house.nothing_is_lost():
            for _ in range(2):
                building.await_build()
                house.here.kill("worker-build")
                wait_until(lambda: not house.carriers_of(house.mark), 5, "its build to be gone with it")

            failed = building.await_status("failed")
            house.await_truth()

        assert failed["error"]["code"] == "worker_lost"
        assert "went away" in failed["error"]["message"]
        building.await_answer()  # the round before is still shown


class TestKeeper:
    def test_what_ran_runs_again(self, house: House, served: Request) -> None:
        before = house.carriers_of(f":{served.name}")
        assert before
        with house.nothing_is_lost():
            house.here.kill("keeper")
            wait_until(lambda: not any(map(parent_of, before)), 5, "its instances to be gone with it")

            heals(house, served)

        assert not set(before) & set(house.carriers_of(f":{served.name}"))


class TestWeb:
    def test_its_worker(self, house: House, gated: Project, building: Request) -> None:
        first, worker = house.here.pids("web")
        with house.nothing_is_lost():
            os.kill(worker, signal.SIGKILL)
            gated.release()

            heals(house, building)

        assert house.here.main_pid("web") == first
