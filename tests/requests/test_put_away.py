"""What lies still is put away, by hand and by itself, and comes back."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.development import operations as development
from app.projects import operations as projects
from app.requests import operations as requests
from app.requests.models import Activity, ProductRequest, WorkflowAction
from app.requests.queries import waiting_for
from tests.support import road


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def request_(people, project):
    return people.request(project, title="A fountain")


def let_pass(request, *, days: int) -> None:
    """Let a request lie still since so many days."""
    then = now() - timedelta(days=days)
    with transaction():
        session.execute(update(ProductRequest).where(ProductRequest.id == request.id).values(updated_at=then))
        session.execute(update(Activity).where(Activity.request_id == request.id).values(created_at=then))


class TestByHand:
    def test_takes_it_off_the_board_and_search_finds_it(self, people, request_, browse):
        rae, board = browse(people.rae), request_.project.path

        answer = rae.post(f"{request_.path}/archive")

        assert (answer.status_code, answer.location) == (303, request_.path)
        assert request_.archived_at is not None
        assert "A fountain" not in rae.get(board).text
        assert "A fountain" not in rae.get(f"{board}?list=1").text
        assert "A fountain" in rae.get(f"{board}?archived=1").text
        assert "A fountain" in rae.get("/search?q=fountain").text
        assert request_ not in session.scalars(waiting_for(people.rae)).all()

    def test_brings_it_back(self, people, request_, browse):
        requests.archive(request_, by=people.rae)

        answer = browse(people.rae).post(f"{request_.path}/archive/removal")

        assert answer.status_code == 303
        assert request_.archived_at is None
        assert "A fountain" in browse(people.rae).get(request_.project.path).text

    def test_comes_back_when_it_moves(self, people, request_):
        requests.archive(request_, by=people.rae)

        requests.move(request_, WorkflowAction.START_INTERVIEW, by=people.rae)

        assert request_.archived_at is None

    def test_leaves_what_runs_and_what_is_to_be_tried(self, people, project, bell):
        running = road.ready_request(people, project=project)
        development.start(running, by=people.bob, agent="person")
        tried = road.reviewed_request(people, project=project)

        for busy in (running, tried):
            with pytest.raises(Conflict, match="at rest"):
                requests.archive(busy, by=people.bob)
            assert busy.archived_at is None

    def test_is_not_for_who_may_only_look(self, people, request_):
        with pytest.raises(NotAllowed):
            requests.archive(request_, by=people.vic)
        assert request_.archived_at is None


class TestByItself:
    def test_waits_for_as_long_as_the_project_says(self, people, project, request_):
        projects.edit_project(project, by=people.ada, archive_after_days=30)
        fresh = people.request(project, title="Fresh")
        let_pass(request_, days=31)
        let_pass(fresh, days=29)

        assert requests.archive_stale() == 1

        session.expire_all()
        assert request_.archived_at is not None
        assert fresh.archived_at is None

    def test_does_nothing_unless_it_is_asked_to(self, people, request_):
        let_pass(request_, days=4000)

        assert requests.archive_stale() == 0

    def test_takes_a_word_about_it_as_a_sign_of_life(self, people, project, request_):
        projects.edit_project(project, by=people.ada, archive_after_days=30)
        let_pass(request_, days=31)
        requests.comment(request_, by=people.rae, text="Still wanted")

        assert requests.archive_stale() == 0

    def test_leaves_what_runs_and_what_is_to_be_tried(self, people, project, bell):
        projects.edit_project(project, by=people.ada, archive_after_days=30)
        running = road.ready_request(people, project=project)
        development.start(running, by=people.bob, agent="person")
        tried = road.reviewed_request(people, project=project)
        for each in (running, tried):
            let_pass(each, days=90)

        assert requests.archive_stale() == 0

    def test_is_said_in_the_settings(self, people, project, browse):
        ada = browse(people.ada)

        answer = ada.post(f"{project.path}/settings", {"name": "Website", "archive_after_days": "60"})

        assert answer.status_code == 303
        assert project.archive_after_days == 60
        assert '<option value="60" selected>' in ada.get(f"{project.path}/settings").text

    def test_is_said_by_the_api(self, people, project, api):
        key = people.key(people.ada)

        changed = api("PUT", f"/projects/{project.id}", key, json={"archiveAfterDays": 90})

        assert changed.json["data"]["archiveAfterDays"] == 90
        assert project.archive_after_days == 90
        wrong = api("PUT", f"/projects/{project.id}", key, json={"archiveAfterDays": -1})
        assert wrong.status_code == 422


class TestApi:
    def test_puts_away_lists_and_brings_back(self, people, request_, api):
        key, listed = people.key(people.rae), f"/projects/{request_.project_id}/requests"

        away = api("PUT", f"/requests/{request_.id}/archived", key, json={"archived": True}).json["data"]

        assert away["archivedAt"] is not None
        assert api("GET", listed, key).json["data"] == []
        assert [each["id"] for each in api("GET", f"{listed}?archived=true", key).json["data"]] == [
            str(request_.id)
        ]
        back = api("PUT", f"/requests/{request_.id}/archived", key, json={"archived": False}).json["data"]
        assert back["archivedAt"] is None
