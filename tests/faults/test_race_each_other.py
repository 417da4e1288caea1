"""Two people press at once: one of them succeeds, the other is told clearly, and there is one row."""

import threading
from collections.abc import Callable

import pytest

from tests.faults.house import PLAIN, House, Project
from tests.support.installation import Answer, wait_until

pytestmark = pytest.mark.real
TIMES = 6
OVER = ("completed", "cancelled")


@pytest.fixture(scope="module")
def project(house: House) -> Project:
    return house.project(PLAIN)


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Let all of them go at the same moment; returns what each was answered."""
    barrier = threading.Barrier(len(calls))
    answers: list[Answer | None] = [None] * len(calls)

    def go(number: int, call: Callable[[], Answer]) -> None:
        barrier.wait(10)
        answers[number] = call()

    threads = [threading.Thread(target=go, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in answers
    return [answer for answer in answers if answer is not None]


def one_is_refused(answers: list[Answer], success: int) -> Answer:
    """The refused one of two; it says why."""
    assert sorted(answer.status for answer in answers) == [success, 409], [a.text for a in answers]
    refused = next(answer for answer in answers if answer.status == 409)
    assert len(refused.json["message"]) > 20, refused.text
    return refused


@pytest.mark.parametrize("time", range(TIMES))
class TestRace:
    def test_two_starts(self, house: House, project: Project, time: int) -> None:
        request = house.ready_request(project)
        start = f"/requests/{request.id}/development/start"

        answers = at_once(*[lambda: house.call("POST", start, {"agent": "person"})] * 2)

        one_is_refused(answers, 201)
        counted = "SELECT count(*) FROM development_sessions WHERE request_id = ?"
        assert house.rows(counted, request.key) == [(1,)]
        started = "SELECT count(*) FROM activities WHERE request_id = ? AND text = 'started the work'"
        assert house.rows(started, request.key) == [(1,)]

    def test_two_merges(self, house: House, project: Project, time: int) -> None:
        request = house.accepted_request(project)
        before = house.merges_on_main(project)
        merge = {"action": "merge", "payload": {}}

        answers = at_once(*[lambda: house.call("POST", f"/requests/{request.id}/transition", merge)] * 2)

        one_is_refused(answers, 200)
        assert request.status == "merged"
        assert house.merges_on_main(project) == before + 1
        merged = "SELECT count(*) FROM activities WHERE request_id = ? AND text = 'put it live'"
        assert house.rows(merged, request.key) == [(1,)]

    def test_cancel_against_finish(self, house: House, project: Project, time: int) -> None:
        request = house.worked_on_request(project)
        finish = {"action": "complete_development", "payload": {}}

        cancelled, finished = at_once(
            lambda: house.call("POST", f"/requests/{request.id}/development/cancel"),
            lambda: house.call("POST", f"/requests/{request.id}/transition", finish),
        )

        one_is_refused([cancelled, finished], 200)
        session = house.ask("GET", f"/requests/{request.id}/development/status")
        now = (session["status"], request.status)
        assert now == (("cancelled", "ready") if cancelled.status == 200 else ("completed", "in_review"))

    def test_cancel_against_an_agent_that_finishes(self, house: House, project: Project, time: int) -> None:
        request = house.ready_request(project)
        status = f"/requests/{request.id}/development/status"
        house.ask("POST", f"/requests/{request.id}/development/start", {"agent": "outline"})
        for _ in range(time):  # each time a little later
            house.ask("GET", status)

        cancelled = house.call("POST", f"/requests/{request.id}/development/cancel")

        wait_until(lambda: house.ask("GET", status)["status"] in OVER, 30, "the end of the session")
        now = (house.ask("GET", status)["status"], request.status)
        assert cancelled.status in {200, 409}
        assert now == (("cancelled", "ready") if cancelled.status == 200 else ("completed", "in_review"))


def test_the_truth_after_all_of_it(house: House, project: Project) -> None:
    house.await_truth()
