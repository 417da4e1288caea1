"""`greenroom doctor --truth`: every lie is named in a sentence, and what is well is left alone."""

import os
import shutil
import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from app.apps import operations as apps
from app.apps.models import App
from app.cli import doctor
from app.cli.keeper import folder_is_wanted
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.installation import installation
from app.core.ledger import Run
from app.development import operations as development
from app.development.models import DevelopmentSession
from app.engine import routes
from app.engine.keeper import reconcile
from app.previews import operations as previews
from app.previews.models import Preview, PreviewStatus
from app.previews.queries import latest_preview
from app.projects.queries import repository_of
from app.requests.models import ProductRequest
from app.reviews import operations as reviews
from app.reviews.models import PullRequest
from tests.support.road import accepted_request, commit, ready_request, reviewed_request


@pytest.fixture(autouse=True)
def _alone(database):
    """Forget the folders of other tests, whose rows are gone."""
    for folder in installation().checkouts.iterdir():
        shutil.rmtree(folder)


@pytest.fixture
def shown(people, bell):
    """Rae's request, built by Bob and up for her to try."""
    request = reviewed_request(people)
    bell.work()
    return request


@pytest.fixture
def offered(people, bell):
    """Rae's request, accepted and offered for merging."""
    request = accepted_request(people)
    reviews.create_pull_request(request, by=people.bob)
    bell.work()
    return request


@pytest.fixture
def worked_on(people, bell):
    """Rae's request, on which Bob works."""
    request = ready_request(people)
    development.start(request, by=people.bob, agent="person")
    bell.work()
    return request


def write(table, **values):
    """Write a lie past every rule."""
    with transaction():
        session.execute(update(table).values(**values))
    session.expire_all()


def said() -> list[str]:
    let_go()
    return doctor.disagreements()


def one(*words: str) -> str:
    """The one sentence that is said; all these words are in it."""
    (line,) = said()
    assert all(word in line for word in words), line
    return line


class TestQuiet:
    def test_with_a_preview_and_an_app(self, shown):
        assert said() == []

    def test_with_an_offer(self, offered):
        assert said() == []

    def test_once_it_is_merged(self, people, bell, offered):
        reviews.merge(offered, by=people.bob)
        bell.work()

        assert said() == []

    def test_while_a_person_works(self, worked_on):
        assert said() == []

    def test_while_what_was_taken_down_is_being_removed(self, people, shown):
        previews.take_preview_down(shown, by=people.bob)

        assert said() == []

    def test_of_what_is_different_at_the_second_look(self, shown, monkeypatch):
        looks = iter([["Preview 1 is on its way.", "Preview 2 is lost."], ["Preview 2 is lost."]])
        monkeypatch.setattr(doctor, "disagreements", lambda: next(looks))
        monkeypatch.setattr(doctor, "SECOND_LOOK_SECONDS", 0)

        assert doctor.lasting_disagreements() == ["Preview 2 is lost."]

    def test_and_answers_zero_or_one(self, shown, monkeypatch, capsys):
        monkeypatch.setattr(doctor, "SECOND_LOOK_SECONDS", 0)
        assert doctor.examine(truth=True) == 0
        write(App, live_deploy_id=None)

        assert doctor.examine(truth=True) == 1
        assert "is live" in capsys.readouterr().out


class TestPreview:
    def test_whose_address_leads_elsewhere(self, shown):
        routes.remove(shown.preview_label)

        one("Preview", shown.preview_label, "leads to gone")

    def test_whose_request_is_over(self, shown):
        write(ProductRequest, status="cancelled", branch_name=None)

        assert any("is ready, but its request is cancelled" in line for line in said())
        assert previews.expire_previews() == 1
        assert said() == []

    def test_that_nothing_works_on(self, people, shown):
        previews.start_preview(shown, by=people.bob, force=True)
        write(Run, state="done", ended_at=now())

        one("Preview", "is queued, but nothing works on it")

    def test_whose_time_is_over(self, shown):
        write(Preview, expires_at=now() - timedelta(hours=1))

        one("Preview", "but its time was over")
        assert previews.expire_previews() == 1
        assert said() == []

    def test_whose_folder_is_left(self, shown):
        left = installation().checkouts / "preview-of-nobody"
        left.mkdir()
        os.utime(left, (time.time() - 600, time.time() - 600))

        one("Checkout preview-of-nobody is there, but nobody wants it")
        reconcile.reconcile(wants_folder=folder_is_wanted)
        assert said() == []
        assert latest_preview(shown).status is PreviewStatus.READY

    def test_whose_folder_is_not_there(self, shown):
        shutil.rmtree(installation().checkouts / latest_preview(shown).name)

        one(shown.preview_label, "leads to a folder that is not there")
        assert previews.rebuild_what_is_missing() == 1
        assert latest_preview(shown).is_on_the_way


class TestRun:
    def test_that_no_worker_will_hear_of(self, people, shown, bell):
        previews.start_preview(shown, by=people.bob, force=True)

        with time_machine.travel(now() + timedelta(minutes=2), tick=True):
            one("1 runs wait for a worker, but the queue does not answer")


class TestApp:
    def test_that_is_live_with_nothing(self, shown):
        write(App, live_deploy_id="dpl_nobody")

        one("App", "says that dpl_nobody is live")

    def test_that_was_never_told_of_main(self, people, bell, shown):
        commit(repository_of(shown.project), "main", path="late.html", text="late")

        one("App", "was never told of what is on main")
        assert apps.catch_up() == 1
        bell.work()
        assert said() == []
        assert apps.catch_up() == 0


class TestSession:
    def test_whose_run_has_ended(self, worked_on):
        write(Run, state="done", ended_at=now())

        one("Session", "is waiting, but its run is done")

    def test_that_is_missing(self, worked_on):
        write(DevelopmentSession, status="cancelled", completed_at=now())

        one("Request", "is in development, but nobody works on it")

    def test_whose_request_is_elsewhere(self, worked_on):
        write(ProductRequest, status="ready")

        one("Session", "is waiting, but its request is ready")

    def test_whose_branch_is_gone(self, worked_on):
        repository_of(worked_on.project).delete_branch(worked_on.working_branch)

        one("Session", worked_on.working_branch, "is not there")


class TestBranch:
    def test_that_is_gone(self, shown):
        repository_of(shown.project).delete_branch(shown.working_branch)

        one("Request", shown.working_branch, "is not there")

    def test_that_moved_unheard(self, bell, shown):
        tip = commit(repository_of(shown.project), shown.working_branch, path="late.html", text="late")

        one("Request", "but its branch stands at", tip)
        assert development.hear_missed_pushes() == 1
        bell.work()
        assert said() == []
        assert latest_preview(shown).commit_sha == tip


class TestPullRequest:
    def test_that_is_missing(self, offered):
        write(PullRequest, status="closed", closed_at=now())

        one("Request", "says that it is offered for merging, but it is not")

    def test_whose_request_is_elsewhere(self, offered):
        write(ProductRequest, status="in_review")

        one("Pull request", "is open, but its request is in_review")

    def test_that_main_lacks(self, people, bell, offered):
        reviews.merge(offered, by=people.bob)
        bell.work()
        repository = repository_of(offered.project)
        repository.create_branch("elsewhere", at=repository.resolve("main"))
        elsewhere = commit(repository, "elsewhere", path="else.html", text="else")
        write(PullRequest, merge_sha=elsewhere)

        one("Pull request", elsewhere, "which main lacks")
