"""A person works on a request: the branch waits for a push, or for the word that it is ready."""

from datetime import timedelta

import pytest
import time_machine

from app.core import jobs
from app.core.clock import now
from app.core.db import session as db
from app.core.errors import Conflict, NotAllowed
from app.development import operations, queries
from app.development.models import SessionStatus
from app.notifications.queries import notifications_of
from app.projects.queries import repository_of
from app.requests.models import RequestStatus
from tests.support.road import commit, push, ready_request


@pytest.fixture
def waiting(people, bell):
    request = ready_request(people)
    operations.start(request, by=people.bob, agent="person")
    return request


def test_push_ends_the_wait(people, waiting):
    pushed = push(waiting, by=people.bob)

    session = queries.latest_session(waiting)
    assert session.status is SessionStatus.COMPLETED
    assert session.commit_sha == pushed == waiting.commit_sha
    assert waiting.status is RequestStatus.IN_REVIEW
    assert queries.run_of(session).state.value == "done"


def test_mark_ready_needs_a_commit(people, waiting):
    with pytest.raises(Conflict, match="git push origin requests/1-show-opening-hours") as caught:
        operations.mark_ready(queries.latest_session(waiting), by=people.bob)
    assert caught.value.code == "nothing_to_review"

    commit(repository_of(waiting.project), waiting.working_branch, path="hours.html", text="9 to 5")
    operations.mark_ready(queries.latest_session(waiting), by=people.bob)
    assert waiting.status is RequestStatus.IN_REVIEW


def test_only_developers_mark_ready(people, waiting, browse):
    commit(repository_of(waiting.project), waiting.working_branch, path="hours.html", text="9 to 5")
    with pytest.raises(NotAllowed):
        operations.mark_ready(queries.latest_session(waiting), by=people.rae)

    path = f"{waiting.path}/development/completion"
    assert browse(people.vic).post(path).status_code == 403
    assert browse(people.eve).post(path).status_code == 404
    assert browse(people.bob).post(path).status_code == 303


def test_finished_by_hand_from_the_board(people, waiting):
    commit(repository_of(waiting.project), waiting.working_branch, path="hours.html", text="9 to 5")

    operations.finish_by_hand(waiting, by=people.bob)

    assert waiting.status is RequestStatus.IN_REVIEW
    with pytest.raises(Conflict, match="Nobody works on this"):
        operations.finish_by_hand(waiting, by=people.bob)


def test_push_whose_notice_was_lost_is_found(people, waiting):
    lost = commit(repository_of(waiting.project), waiting.working_branch, path="hours.html", text="9 to 5")

    assert operations.sync_waiting() == 1
    assert operations.sync_waiting() == 0
    db.refresh(waiting)
    assert waiting.commit_sha == lost
    assert waiting.status is RequestStatus.IN_REVIEW


def test_sync_through_the_api(people, waiting, browse):
    path = f"/api/requests/{waiting.id}/development/sync"
    assert browse(people.bob).send("POST", path).json["data"]["status"] == "waiting"
    commit(repository_of(waiting.project), waiting.working_branch, path="hours.html", text="9 to 5")

    assert browse(people.rae).send("POST", path).status_code == 403
    assert browse(people.eve).send("POST", path).status_code == 404
    assert browse(people.bob).send("POST", path).json["data"]["status"] == "completed"


def test_push_of_what_main_has_already_is_no_result(people, waiting):
    repository = repository_of(waiting.project)
    operations.note_push(waiting, commit=repository.head("main"), by=people.bob)

    assert queries.latest_session(waiting).status is SessionStatus.WAITING


def test_push_without_a_session_is_one_by_itself(people, waiting):
    operations.cancel(queries.latest_session(waiting), by=people.bob)
    assert waiting.status is RequestStatus.READY

    push(waiting, by=people.bob)

    session = queries.latest_session(waiting)
    assert (session.agent, session.status) == ("person", SessionStatus.COMPLETED)
    assert waiting.status is RequestStatus.IN_REVIEW


def test_nobody_pushes_for_fourteen_days(people, waiting):
    with time_machine.travel(now() + timedelta(days=14, minutes=1), tick=False):
        jobs.sweep()

    db.expire_all()
    session = queries.latest_session(waiting)
    assert session.status is SessionStatus.EXPIRED
    assert session.error_message
    assert waiting.status is RequestStatus.READY
    told = [note.text for note in db.scalars(notifications_of(people.bob))]
    assert any("has no result" in text for text in told)


def test_panel_shows_the_commands_and_the_prompt(people, waiting, browse):
    page = browse(people.bob).get(f"{waiting.path}/development").text

    assert f"git switch {waiting.working_branch}" in page
    assert "Make this: Show opening hours." in page
    assert 'hx-trigger="every 15s, request-changed from:body"' in page
    assert "Mark ready" in page
    assert "Mark ready" not in browse(people.vic).get(f"{waiting.path}/development").text
