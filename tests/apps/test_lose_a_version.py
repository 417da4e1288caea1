"""A push takes the branch of a version away, and another one brings it back."""

import pytest

from app.apps import operations, queries
from app.apps.models import SessionStatus, VersionStatus
from app.core.db import session
from app.engine.repositories import Repository
from app.projects.operations import note_moves
from tests.apps.road import held_app


@pytest.fixture
def first(people, bell):
    """The app that is the project's own repository."""
    return held_app(people, bell)


@pytest.fixture
def fork(people, first):
    return operations.fork_version(first, by=people.bob, name="Dark")


def push(version, commit, by):
    """Move the branch of a version as a push to its repository does; None takes it away."""
    repository: Repository = queries.repository_of_app(version.app)
    before = repository.head(version.branch)
    if commit is None:
        repository.delete_branch(version.branch)
    elif before is None:
        repository.create_branch(version.branch, at=commit)
    change = (f"refs/heads/{version.branch}", before, commit)
    if version.app.is_first:
        note_moves(version.app.project, [change], by=by)
    else:
        operations.hear_push(version.app, [change], by=by)
    return before


class TestLose:
    def test_is_said_of_the_version(self, people, api, fork):
        push(fork, None, people.bob)

        said = api("GET", f"/app-versions/{fork.id}", people.key(people.vic)).json

        assert said["status"] == "failed"
        assert "Bob Builder deleted its branch" in said["error"]

    def test_is_said_of_one_of_a_further_app_too(self, people, bell, shop):
        fork = operations.fork_version(shop, by=people.bob)

        push(fork, None, None)

        session.refresh(fork)
        assert fork.status is VersionStatus.FAILED
        assert "Somebody deleted its branch" in fork.error

    def test_ends_what_runs_of_it(self, people, bell, fork):
        found = operations.open_session(fork, by=people.bob)
        bell.work()

        push(fork, None, people.bob)
        bell.work()

        session.refresh(found)
        assert found.status is SessionStatus.STOPPED
        assert not found.folder.exists()

    def test_is_shown_where_its_files_were(self, people, browse, fork):
        push(fork, None, people.bob)

        assert "its files are gone" in browse(people.vic).get(f"{fork.app.path}/versions").text
        assert "Push that branch again" in browse(people.vic).get(fork.path).text

    def test_leaves_a_version_that_can_be_removed(self, people, fork):
        push(fork, None, people.bob)

        operations.delete_version(fork, by=people.bob)
        operations.purge_version(fork, by=people.bob)

        assert queries.versions_of(fork.app) == [queries.default_version(fork.app)]

    def test_is_found_where_nobody_heard_of_it(self, people, fork):
        queries.repository_of_app(fork.app).delete_branch(fork.branch)

        said = [line for line in operations.disagreements() if fork.id in line]
        heard = [operations.hear_losses(), operations.hear_losses()]

        assert said == [
            f"Version {fork.id} says that its files are there, but its branch {fork.branch} is not."
        ]
        assert heard == [1, 0]
        session.refresh(fork)
        assert fork.status is VersionStatus.FAILED
        assert operations.disagreements() == []

    def test_begins_no_version_of_a_branch_that_was_none(self, people, bell, shop):
        operations.hear_push(shop, [("refs/heads/other", "f" * 40, None)], by=people.bob)

        assert [each.branch for each in queries.versions_of(shop)] == ["main"]


class TestFind:
    def test_again_what_is_pushed_anew(self, people, bell, fork):
        before = push(fork, None, people.bob)

        push(fork, before, people.bob)

        session.refresh(fork)
        assert (fork.status, fork.error) == (VersionStatus.READY, None)
        assert queries.file_at(fork, "index.html").text
