"""The work on a request is started once, by who may, on a branch of its own."""

import pytest

from app.core.db import session as db
from app.core.errors import Conflict, IllegalTransition, Invalid, NotAllowed
from app.development import operations, queries
from app.development.models import SessionStatus
from app.projects import operations as projects
from app.projects.models import Starter, StartPolicy
from app.projects.queries import repository_of
from app.requests.models import RequestStatus, TurnRole
from tests.support.road import ready_request


def session_count(request):
    return len(db.scalars(queries.sessions_of(request)).all())


@pytest.fixture
def request_(people, bell):
    return ready_request(people)


def test_agent_commits_to_a_branch_and_the_request_can_be_tried(people, bell, request_):
    session = operations.start(request_, by=people.bob)

    assert session.status is SessionStatus.PENDING
    assert request_.status is RequestStatus.IN_DEVELOPMENT
    bell.work()

    done = queries.latest_session(request_)
    repository = repository_of(request_.project)
    assert done.status is SessionStatus.COMPLETED
    assert done.commit_sha == repository.head(request_.working_branch) == request_.commit_sha
    assert request_.status is RequestStatus.IN_REVIEW
    assert repository.head("main") == done.base_sha != done.commit_sha


def test_commit_names_the_requester_and_the_session(people, bell, request_):
    session = operations.start(request_, by=people.bob)
    bell.work()

    message = repository_of(request_.project).commit(request_.working_branch).message
    assert "Co-authored-by: Rae Requester <rae@example.com>" in message
    assert f"Greenroom-Session: {session.id}" in message


def test_work_done_twice_makes_one_commit(people, bell, request_):
    session = operations.start(request_, by=people.bob)
    repository = repository_of(request_.project)
    heard = list(bell.runs)
    bell.work()
    first = repository.head(request_.working_branch)

    bell.runs[:] = heard  # the bell rings again for a run that is over
    bell.work()

    assert repository.head(request_.working_branch) == first
    assert len(repository.log(request_.working_branch, since="main")) == 1
    assert queries.latest_session(request_).id == session.id


def test_log_tells_each_step(people, bell, request_):
    session = operations.start(request_, by=people.bob)
    bell.work()

    lines = session.log_path.read_text().splitlines()
    assert any("criteria" in line for line in lines)
    assert lines[-1].startswith("==> Done, with commit ")


def test_second_start_is_refused_in_words(people, bell, request_):
    operations.start(request_, by=people.bob)

    with pytest.raises(Conflict, match="being worked on already"):
        operations.start(request_, by=people.ada)
    assert session_count(request_) == 1


def test_request_without_criteria_says_what_is_open(people, bell):
    draft = people.request()

    with pytest.raises(IllegalTransition, match="start_interview"):
        operations.start(draft, by=people.bob)


def test_empty_repository_asks_for_a_push_first(people, bell):
    request = ready_request(people, project=people.project(starter=Starter.EMPTY))

    with pytest.raises(Conflict, match="Push a first version to main") as caught:
        operations.start(request, by=people.bob)
    assert caught.value.code == "empty_repository"
    assert request.status is RequestStatus.READY


def test_agent_that_is_not_there_is_named_with_those_that_are(people, bell, request_):
    with pytest.raises(Invalid, match="outline, person"):
        operations.start(request_, by=people.bob, agent="cursor")


def test_base_branch_that_is_not_there_is_refused(people, bell, request_):
    with pytest.raises(Invalid, match="nowhere"):
        operations.start(request_, by=people.bob, base_branch="nowhere")


def test_requester_starts_only_where_the_project_says_so(people, bell, request_):
    with pytest.raises(NotAllowed):
        operations.start(request_, by=people.rae)

    projects.edit_project(request_.project, by=people.ada, start_policy=StartPolicy.REQUESTER)
    session = operations.start(request_, by=people.rae)
    assert session.started_by == people.rae


def test_person_gets_the_turn_and_fourteen_days(people, bell, request_):
    session = operations.start(request_, by=people.bob, agent="person")

    run = queries.run_of(session)
    assert session.status is SessionStatus.WAITING
    assert (run.deadline_at - session.created_at).days in {13, 14}
    assert (request_.turn_role, request_.turn_user) == (TurnRole.DEVELOPER, people.bob)
    assert repository_of(request_.project).head(request_.working_branch) == session.base_sha


def test_program_starts_and_reads_the_session(people, bell, browse, request_):
    headers = {"Authorization": f"Bearer {people.key(people.bob)}"}
    path = f"/api/requests/{request_.id}/development"

    started = browse().client.post(f"{path}/start", json={"agent": "outline"}, headers=headers)
    assert started.status_code == 201
    data = started.json["data"]
    assert data["status"] == "pending"
    assert data["nextPollMs"] == 1000
    assert data["branchName"] == request_.working_branch

    bell.work()
    status = browse().client.get(f"{path}/status", headers=headers)
    assert status.json["data"]["status"] == "completed"
    assert status.json["data"]["nextPollMs"] is None
    assert status.json["data"]["commitSha"] == request_.commit_sha
    again = browse().client.get(
        f"{path}/status", headers={**headers, "If-None-Match": status.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(("who", "expected"), [("bob", 201), ("vic", 403), ("rae", 403), ("eve", 404)])
def test_who_may_start_through_the_api(people, bell, browse, request_, who, expected):
    answer = browse(getattr(people, who)).send(
        "POST", f"/api/requests/{request_.id}/development/start", json={}
    )

    assert answer.status_code == expected


@pytest.mark.parametrize(("who", "expected"), [("bob", 303), ("vic", 403), ("eve", 404)])
def test_who_may_start_on_the_page(people, bell, browse, request_, who, expected):
    answer = browse(getattr(people, who)).post(f"{request_.path}/development", {"agent": "outline"})

    assert answer.status_code == expected


def test_stream_tells_status_log_and_done_and_resumes(people, bell, browse, request_):
    operations.start(request_, by=people.bob)
    bell.work()
    path = f"/api/requests/{request_.id}/development/stream"

    told = browse(people.rae).get(path).text
    events = [line.removeprefix("event: ") for line in told.splitlines() if line.startswith("event: ")]
    assert events == ["status", "log", "done"]
    last = [line.removeprefix("id: ") for line in told.splitlines() if line.startswith("id: ")][-1]

    resumed = browse(people.rae).get(path, headers={"Last-Event-ID": last}).text
    assert "event: log" not in resumed
    assert resumed.rstrip().splitlines()[-2] == "event: done"
    assert browse(people.eve).get(path).status_code == 404
