"""Several people press the same button in the same moment: one of them is first, the others are told."""

from app.core.db import session as db
from app.development import operations as development
from app.development.models import DevelopmentSession
from app.projects import operations as projects
from app.projects.models import StartPolicy
from app.projects.queries import repository_of
from app.requests.models import RequestStatus
from app.requests.operations import allow_development, request_of
from app.reviews import operations, queries
from app.reviews.models import PullRequest
from tests.support.road import accepted_request, push, ready_request
from tests.support.together import CALLERS, together


def test_one_merge_wins(people, bell):
    request = accepted_request(people)
    operations.create_pull_request(request, by=people.bob)
    request_id, person_id = request.id, people.bob.id
    before = len(repository_of(request.project).log("main"))
    db.commit()

    ends = together(lambda: operations.merge(request_of(request_id), by=db.get(type(people.bob), person_id)))

    assert len(ends) == CALLERS
    assert ends.count("done") == 1
    assert len(repository_of(request.project).log("main")) == before + 2, "the commit and its merge"
    assert db.query(PullRequest).count() == 1
    assert queries.pull_request_of(request).merge_sha == repository_of(request.project).head("main")
    assert request_of(request_id).status is RequestStatus.MERGED


def test_one_yes_starts_one_session(people, bell):
    request = ready_request(people)
    projects.edit_project(
        request.project, by=people.ada, start_policy=StartPolicy.APPROVED, approver_id=people.rae.id
    )
    request_id, person_id = request.id, people.rae.id
    db.commit()

    ends = together(lambda: allow_development(request_of(request_id), by=db.get(type(people.rae), person_id)))

    assert len(ends) == CALLERS
    assert ends.count("done") == 1
    assert db.query(DevelopmentSession).count() == 1
    assert request_of(request_id).round == 1


def test_one_start_wins(people, bell):
    request = ready_request(people)
    request_id, person_id = request.id, people.bob.id
    db.commit()

    ends = together(lambda: development.start(request_of(request_id), by=db.get(type(people.bob), person_id)))

    assert len(ends) == CALLERS
    assert ends.count("done") == 1
    assert db.query(DevelopmentSession).count() == 1
    assert request_of(request_id).round == 1


def test_one_merge_in_one_step_wins(people, bell):
    request = accepted_request(people)
    request_id, person_id = request.id, people.bob.id
    db.commit()

    ends = together(
        lambda: operations.open_and_merge(request_of(request_id), by=db.get(type(people.bob), person_id))
    )

    assert ends.count("done") == 1
    assert set(ends) - {"done"} <= {"already_merged", "being_merged", "conflict", "illegal_transition"}
    assert db.query(PullRequest).count() == 1
    assert request_of(request_id).status is RequestStatus.MERGED
    assert operations.disagreements() == []


def test_a_merge_and_a_push_leave_one_truth(people, bell):
    request = accepted_request(people)
    operations.create_pull_request(request, by=people.bob)
    request_id, person_id, accepted = request.id, people.bob.id, request.commit_sha
    db.commit()

    def bob():
        return db.get(type(people.bob), person_id)

    ends = together(
        lambda: operations.merge(request_of(request_id), by=bob()),
        lambda: push(request_of(request_id), by=bob(), text="<p>8 to 4</p>"),
    )

    request = request_of(request_id)
    pull = queries.pull_request_of(request)
    repository = repository_of(request.project)
    assert "done" in ends
    assert operations.disagreements() == []
    if request.status is RequestStatus.MERGED:
        assert pull.head_sha == accepted
        assert repository.has("main", accepted)
    else:
        assert (request.status, request.is_accepted) == (RequestStatus.IN_REVIEW, False)
        assert not repository.has("main", accepted)
