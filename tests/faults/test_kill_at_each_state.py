"""Any process may be killed at any state of the road: within the promise all is true, and nothing is lost."""

import os
import signal
from collections.abc import Callable

import pytest

from tests.faults.house import House, empty_queue_files
from tests.faults.street import Street
from tests.support.installation import parent_of, wait_until

pytestmark = pytest.mark.real
Fault = Callable[[House], None]


@pytest.fixture(scope="module")
def street(house: House) -> Street:
    return Street.lay_out(house)


@pytest.fixture(scope="module")
def unswept(unswept_house: House) -> Street:
    return Street.lay_out(unswept_house)


def kill(role: str) -> Fault:
    def hurt(house: House) -> None:
        below = house.here.pids(role)
        house.here.kill(role)
        wait_until(lambda: not any(map(parent_of, below)), 10, f"all of {role} to be gone with it")

    return hurt


def empty_the_queue(house: House) -> None:
    house.bell.flushall()


def kill_the_queue_and_its_files(house: House) -> None:
    os.kill(house.here.supervisor, signal.SIGSTOP)  # so that it is not back before its files are gone
    try:
        house.here.kill("queue")
        empty_queue_files(house.here)
    finally:
        os.kill(house.here.supervisor, signal.SIGCONT)


def kill_the_supervisor(house: House) -> None:
    house.here.stop(signal.SIGKILL)
    wait_until(lambda: not house.here.leftovers(), 10, "all processes to be gone")
    wait_until(lambda: not house.carriers_of(house.mark), 10, "all work to be gone")
    house.here.start()


FAULTS: dict[str, Fault] = {
    "worker-build": kill("worker-build"),
    "worker-quick": kill("worker-quick"),
    "keeper": kill("keeper"),
    "gateway": kill("gateway"),
    "web": kill("web"),
    "queue emptied": empty_the_queue,
    "queue": kill_the_queue_and_its_files,
    "supervisor": kill_the_supervisor,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
class TestEachState:
    def test_while_a_build_is_at_work(self, house: House, street: Street, fault: Fault) -> None:
        at_work, before = street.build(), street.states()
        with house.nothing_is_lost():
            fault(house)
            street.heals(*at_work)

            assert street.states() == before

    def test_while_an_app_is_starting(self, house: House, street: Street, fault: Fault) -> None:
        at_work, before = street.begin(), street.states()
        with house.nothing_is_lost():
            fault(house)
            street.heals(*at_work)

            assert street.states() == before


class TestWithoutTheSweeper:
    """What heals is the sweeper: the same faults stay where nobody sweeps, and doctor names each run."""

    @pytest.mark.parametrize("name", ["keeper", "gateway", "web"])
    def test_what_loses_no_run_needs_no_sweeper(self, unswept: Street, name: str) -> None:
        at_work = unswept.begin()
        FAULTS[name](unswept.house)

        unswept.shows(*at_work)

    @pytest.mark.parametrize("name", ["worker-build", "queue emptied", "queue", "supervisor"])
    def test_it_stays_untrue(self, unswept: Street, name: str) -> None:
        at_work = unswept.build()
        lost = unswept.runs(*at_work)
        FAULTS[name](unswept.house)

        def is_said() -> bool:
            unswept.go_on()
            said = "\n".join(unswept.house.here.disagreements())
            return any(run in said for run in lost)

        wait_until(is_said, 40, "doctor to name a run that was lost")
        assert not all(request.preview["status"] == "ready" for request in at_work)
