"""Two people press at once: one of them succeeds, the other is told clearly, and there is one row."""

import threading
from collections.abc import Callable

import pytest

from tests.faults.house import PLAIN, House, Project
from tests.support.installation import Answer

pytestmark = pytest.mark.real
TIMES = 50
MOMENTS = 8  # at which an agent's work is stopped


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


class TestRace:
    def test_two_starts(self, house: House, project: Project) -> None:
        for _ in range(TIMES):
            request = house.ready_request(project)
            start = f"/requests/{request.id}/development/start"

            answers = at_once(*[lambda start=start: house.call("POST", start, {"agent": "person"})] * 2)

            one_is_refused(answers, 201)
            counted = "SELECT count(*) FROM development_sessions WHERE request_id = ?"
            assert house.rows(counted, request.key) == [(1,)]
            started = "SELECT count(*) FROM activities WHERE request_id = ? AND text = 'started the work'"
            assert house.rows(started, request.key) == [(1,)]

    def test_two_merges(self, house: House, project: Project) -> None:
        for _ in range(TIMES):
            request = house.offered_request(project)
            before = house.merges_on_main(project)
            merge, step = {"action": "merge", "payload": {}}, f"/requests/{request.id}/transition"

            answers = at_once(*[lambda step=step, merge=merge: house.call("POST", step, merge)] * 2)

            one_is_refused(answers, 200)
            assert request.status == "merged"
            assert house.merges_on_main(project) == before + 1
            merged = "SELECT count(*) FROM activities WHERE request_id = ? AND text = 'merged it'"
            assert house.rows(merged, request.key) == [(1,)]

    def test_a_stale_edit(self, house: House, project: Project) -> None:
        request = house.draft_request(project)
        address = f"/requests/{request.id}"
        for number in range(TIMES):
            version = house.ask("GET", address)["version"]
            edits = [{"title": f"{who} {number}", "version": version} for who in ("Bread", "Rolls")]

            answers = at_once(*[lambda edit=edit: house.call("PUT", address, edit) for edit in edits])

            one_is_refused(answers, 200)
            kept = next(answer.data for answer in answers if answer.status == 200)
            assert house.ask("GET", address)["title"] == kept["title"]

    def test_cancel_against_finish(self, house: House, project: Project) -> None:
        for _ in range(TIMES):
            request = house.worked_on_request(project)
            address = f"/requests/{request.id}"
            finish = {"action": "complete_development", "payload": {}}

            cancelled, finished = at_once(
                lambda address=address: house.call("POST", f"{address}/development/cancel"),
                lambda address=address, finish=finish: house.call("POST", f"{address}/transition", finish),
            )

            one_is_refused([cancelled, finished], 200)
            session = house.ask("GET", f"{address}/development/status")
            now = (session["status"], request.status)
            assert now == (("cancelled", "ready") if cancelled.status == 200 else ("completed", "in_review"))
            request.drop()

    def test_cancel_against_an_agent_that_finishes(self, house: House, project: Project) -> None:
        for number in range(TIMES):
            request = house.ready_request(project)
            status = f"/requests/{request.id}/development/status"
            house.ask("POST", f"/requests/{request.id}/development/start", {"agent": "outline"})
            for _ in range(number % MOMENTS):  # each time a little later
                house.ask("GET", status)

            cancelled = house.call("POST", f"/requests/{request.id}/development/cancel")

            now = (request.await_end_of_work(), request.status)
            assert cancelled.status in {200, 409}
            assert now == (("cancelled", "ready") if cancelled.status == 200 else ("completed", "in_review"))
            request.drop()


def test_the_truth_after_all_of_it(house: House, project: Project) -> None:
    house.await_truth()
