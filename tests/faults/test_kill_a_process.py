"""Any process may be killed at any moment: within the promise every state is true, and nothing is lost."""

import os
import signal

import pytest

from tests.faults.house import GATED, SERVED, House, Project, Request, empty_queue_files
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
    def test_the_build_is_done_by_the_next_one(self, house: House, gated: Project, building: Request) -> None:
        at_work = house.here.pids("worker-build")
        with house.nothing_is_lost():
            house.here.kill("worker-build")
            wait_until(lambda: not any(map(parent_of, at_work)), 5, "its job to be gone with it")
            wait_until(lambda: not house.carriers_of(house.mark), 5, "its build to be gone with it")
            gated.release()

            heals(house, building)

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

    def test_a_preview_that_starts_meanwhile_comes_up(self, house: House, served: Request) -> None:
        with house.nothing_is_lost():
            served.build_anew()
            served.await_status("starting", "ready")
            house.here.kill("keeper")

            heals(house, served)


class TestGateway:
    def test_what_was_up_answers_again(
        self, house: House, gated: Project, building: Request, served: Request
    ) -> None:
        with house.nothing_is_lost():
            house.here.kill("gateway")
            gated.release()

            heals(house, building, served)


class TestWeb:
    def test_its_first_process(self, house: House, gated: Project, building: Request) -> None:
        below = house.here.pids("web")
        with house.nothing_is_lost():
            house.here.kill("web")
            wait_until(lambda: not any(map(parent_of, below)), 5, "its workers to be gone with it")
            gated.release()

            heals(house, building)

    def test_its_worker(self, house: House, gated: Project, building: Request) -> None:
        first, worker = house.here.pids("web")
        with house.nothing_is_lost():
            os.kill(worker, signal.SIGKILL)
            gated.release()

            heals(house, building)

        assert house.here.main_pid("web") == first


class TestQueue:
    def test_emptied_while_one_is_built_and_one_waits(
        self, house: House, gated: Project, building: Request
    ) -> None:
        waiting = house.pushed_request(gated)
        with house.nothing_is_lost():
            assert waiting.preview["status"] == "queued"
            house.bell.flushall()
            gated.release()

            heals(house, building, waiting)

    def test_killed_with_all_that_it_wrote_down(
        self, house: House, gated: Project, building: Request
    ) -> None:
        waiting = house.pushed_request(gated)
        with house.nothing_is_lost():
            os.kill(house.here.supervisor, signal.SIGSTOP)  # so that it is not back before its files are gone
            try:
                house.here.kill("queue")
                empty_queue_files(house.here)
            finally:
                os.kill(house.here.supervisor, signal.SIGCONT)
            gated.release()

            heals(house, building, waiting)


class TestSupervisor:
    def test_nothing_is_left_and_the_next_start_goes_on(
        self, house: House, gated: Project, building: Request, served: Request
    ) -> None:
        waiting, marks = house.pushed_request(gated), (house.mark, f":{served.name}")
        assert all(map(house.carriers_of, marks))
        with house.nothing_is_lost():
            house.here.stop(signal.SIGKILL)
            wait_until(lambda: not house.here.leftovers(), 10, "all processes to be gone")
            wait_until(lambda: not any(map(house.carriers_of, marks)), 10, "all work to be gone")
            gated.release()
            house.here.start()

            heals(house, building, waiting, served)
