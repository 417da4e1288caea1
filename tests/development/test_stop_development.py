"""Stopping the work really stops it, and the request is where it came from, with the reason."""

import pytest

from app.core import ledger
from app.core.db import session as db
from app.core.errors import Conflict, NotAllowed
from app.core.ledger import RunState
from app.development import agent_run, operations, queries
from app.development.models import SessionStatus
from app.integrations.coding_agent import Outline
from app.notifications.queries import notifications_of
from app.projects import operations as projects
from app.projects.models import StartPolicy
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ActivityType, RequestStatus
from app.requests.queries import activity_of_type
from tests.support.road import push, ready_request


@pytest.fixture
def request_(people, bell):
    return ready_request(people)


def test_queued_work_ends_at_once(people, bell, request_):
    operations.start(request_, by=people.bob)

    operations.cancel(queries.latest_session(request_), by=people.bob)

    session = queries.latest_session(request_)
    assert session.status is SessionStatus.CANCELLED
    assert session.error_message == "Bob Builder stopped it."
    assert request_.status is RequestStatus.READY
    assert bell.work()
    assert request_.commit_sha is None


def test_running_work_is_told_to_stop_and_commits_nothing(people, bell, request_, monkeypatch):
    operations.start(request_, by=people.bob)
    genuine = Outline.work

    def interrupted(self, assignment, *, say, cancelled):
        operations.cancel(queries.latest_session(request_), by=people.bob)
        assert queries.latest_session(request_).status is SessionStatus.RUNNING
        ledger.current().look()
        return genuine(self, assignment, say=say, cancelled=cancelled)

    monkeypatch.setattr(Outline, "work", interrupted)
    bell.work()

    session = queries.latest_session(request_)
    assert session.status is SessionStatus.CANCELLED
    assert queries.run_of(session).state is RunState.CANCELLED
    assert repository_of(request_.project).head(request_.working_branch) == session.base_sha
    assert request_.status is RequestStatus.READY


def test_failure_puts_the_request_back_with_the_reason(people, bell, request_, monkeypatch):
    def broken(*_, **__):
        raise agent_run.Failed("no_model", "The model does not answer.", "Try again later.")

    monkeypatch.setattr(Outline, "work", broken)
    operations.start(request_, by=people.bob)
    bell.work()

    session = queries.latest_session(request_)
    assert (session.status, session.error_code) == (SessionStatus.FAILED, "no_model")
    assert request_.status is RequestStatus.READY
    entries = db.scalars(activity_of_type(request_, ActivityType.DEVELOPMENT)).all()
    assert "The model does not answer." in entries[0].text
    assert "The model does not answer." in session.log_path.read_text()
    assert any("does not answer" in note.text for note in db.scalars(notifications_of(people.bob)))


def test_bug_is_tried_again_and_then_ends_it(people, bell, request_, monkeypatch):
    tries = []

    def buggy(*_, **__):
        tries.append(1)
        raise RuntimeError("a bug")

    monkeypatch.setattr(Outline, "work", buggy)
    operations.start(request_, by=people.bob)
    bell.work()

    assert len(tries) == 3
    assert queries.latest_session(request_).status is SessionStatus.FAILED
    assert request_.status is RequestStatus.READY


def test_retry_does_it_again_in_the_same_round(people, bell, request_):
    operations.start(request_, by=people.bob, inputs={"preset": "aider"})
    first = queries.latest_session(request_)
    operations.cancel(first, by=people.bob)

    second = operations.retry(first, by=people.bob)
    bell.work()

    assert second.id != first.id
    assert (second.agent, second.inputs) == ("outline", {"preset": "aider"})
    assert (first.round, second.round, request_.round) == (1, 1, 1)
    assert request_.status is RequestStatus.IN_REVIEW


def test_dropped_request_stops_its_work(people, bell, request_):
    operations.start(request_, by=people.bob, agent="person")

    requests.drop(request_, by=people.rae, reason="Not needed any more")

    session = queries.latest_session(request_)
    assert session.status is SessionStatus.CANCELLED
    assert session.error_message == "The request was dropped."
    assert request_.status is RequestStatus.CANCELLED


def test_what_has_ended_is_not_stopped(people, bell, request_):
    operations.start(request_, by=people.bob)
    bell.work()

    with pytest.raises(Conflict, match="ended already"):
        operations.cancel(queries.latest_session(request_), by=people.bob)


def test_requester_stops_only_what_they_started(people, bell, request_):
    operations.start(request_, by=people.bob)
    with pytest.raises(NotAllowed):
        operations.cancel(queries.latest_session(request_), by=people.rae)
    operations.cancel(queries.latest_session(request_), by=people.bob)

    projects.edit_project(request_.project, by=people.ada, start_policy=StartPolicy.REQUESTER)
    mine = operations.start(request_, by=people.rae)
    operations.cancel(mine, by=people.rae)
    assert queries.latest_session(request_).status is SessionStatus.CANCELLED


@pytest.mark.parametrize(("who", "expected"), [("bob", 200), ("rae", 403), ("vic", 403), ("eve", 404)])
def test_who_may_stop_through_the_api(people, bell, browse, request_, who, expected):
    operations.start(request_, by=people.bob)

    answer = browse(getattr(people, who)).send("POST", f"/api/requests/{request_.id}/development/cancel")

    assert answer.status_code == expected
    if expected == 200:
        assert answer.json["data"]["status"] == "cancelled"
        assert answer.json["data"]["error"]["message"] == "Bob Builder stopped it."


@pytest.mark.parametrize(("who", "expected"), [("bob", 303), ("vic", 403), ("eve", 404)])
def test_who_may_stop_on_the_page(people, bell, browse, request_, who, expected):
    operations.start(request_, by=people.bob)

    answer = browse(getattr(people, who)).post(f"{request_.path}/development/cancellation")

    assert answer.status_code == expected


class TestReset:
    def test_ends_the_session_and_deletes_the_branch(self, people, bell, request_):
        operations.start(request_, by=people.bob, agent="person")
        session = queries.latest_session(request_)

        operations.reset(request_, by=people.ada)

        assert queries.latest_session(request_).status is SessionStatus.CANCELLED
        assert request_.status is RequestStatus.READY
        assert repository_of(request_.project).head(session.branch_name) is None

    def test_next_work_begins_at_main(self, people, bell, request_):
        operations.start(request_, by=people.bob)
        operations.cancel(queries.latest_session(request_), by=people.bob)
        operations.reset(request_, by=people.ada)

        session = operations.start(request_, by=people.bob)
        bell.work()

        assert session.base_sha == repository_of(request_.project).head("main")
        assert request_.status is RequestStatus.IN_REVIEW

    def test_what_can_be_tried_is_not_thrown_away(self, people, bell, request_):
        operations.start(request_, by=people.bob, agent="person")
        push(request_, by=people.bob)

        with pytest.raises(Conflict, match="in_review"):
            operations.reset(request_, by=people.ada)

    @pytest.mark.parametrize(("who", "expected"), [("ada", 200), ("bob", 403), ("eve", 404)])
    def test_who_may_through_the_api(self, people, bell, browse, request_, who, expected):
        operations.start(request_, by=people.bob)

        answer = browse(getattr(people, who)).send("POST", f"/api/requests/{request_.id}/development/reset")

        assert answer.status_code == expected

    @pytest.mark.parametrize(("who", "expected"), [("ada", 303), ("bob", 403), ("eve", 404)])
    def test_who_may_on_the_page(self, people, bell, browse, request_, who, expected):
        operations.start(request_, by=people.bob)

        answer = browse(getattr(people, who)).post(f"{request_.path}/development/reset")

        assert answer.status_code == expected
