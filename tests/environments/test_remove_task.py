"""A task is removed with all that it left; an organization or a project that goes takes its own along."""

import pytest

from app.admin import operations as admin
from app.core.db import session, transaction
from app.core.errors import Conflict
from app.core.installation import installation
from app.environments import operations
from app.environments.models import Environment, EnvironmentState, Task
from app.environments.queries import all_environments_in
from app.projects.models import Project
from tests.environments.conftest import TASK


@pytest.fixture
def olga(people):
    """An admin of the whole installation, who belongs nowhere."""
    olga = people.make("Olga Overseer")
    with transaction():
        olga.is_admin = True
    return olga


@pytest.fixture
def made(people, ready):
    """An environment of a task that was built, with a cache."""
    environment, _ = ready()
    cache = installation().caches / f"task-{environment.task_version.task_id}"
    cache.mkdir()
    return environment


@pytest.fixture
def left(made):
    """Which there still are of the files of the environment and its task: `left()`."""
    task = made.task_version.task
    places = {
        "repository": task.repository_path,
        "built": made.task_version.folder,
        "cache": installation().caches / f"task-{task.id}",
        "files": made.folder,
        "log": made.log_path,
    }
    return lambda: {name for name, path in places.items() if path.exists()}


class TestRemove:
    def test_takes_its_versions_and_files_along(self, people, made, left, bell, api):
        operations.tear_down(made, by=people.bob)
        bell.work()
        session.refresh(made)
        before = left()

        answer = api("DELETE", "/v1/org/acme/tasks/find-the-bug", people.key(people.bob))

        assert before == {"repository", "built", "cache", "log"}
        assert answer.status_code == 204
        assert left() == set()
        assert session.query(Task).count() == session.query(Environment).count() == 0
        assert api("GET", "/v1/org/acme/tasks/find-the-bug", people.key(people.bob)).status_code == 404

    def test_is_409_while_somebody_has_an_environment_of_it(self, made, left, people, api):
        answer = api("DELETE", "/v1/org/acme/tasks/find-the-bug", people.key(people.bob))

        assert (answer.status_code, answer.json["type"]) == (409, "conflict_error")
        assert left() == {"repository", "built", "cache", "files", "log"}
        assert session.query(Task).count() == 1

    def test_ends_what_stands_ready_for_nobody(self, people, publish, bell):
        version = publish(f"{TASK}warm: 1\n")
        environment, _ = operations.create_environment(people.project(), version, by=people.bob)
        bell.work()
        operations.tear_down(environment, by=people.bob)
        bell.work()
        (waiting,) = [each for each in all_environments_in(environment.project) if each.is_warm]
        folder = waiting.folder
        assert folder.exists()

        with pytest.raises(Conflict):
            operations.remove_task(version.task, by=people.bob)
        bell.work()
        operations.remove_task(version.task, by=people.bob)

        assert session.query(Task).count() == session.query(Environment).count() == 0
        assert not folder.exists()

    def test_is_for_developers_of_the_organization(self, people, publish, api, browse):
        task = publish().task
        stranger = people.key(people.eve, organization=people.elsewhere)
        page = f"{people.project().path}/environments/tasks/{task.id}/removal"

        assert api("DELETE", "/v1/org/acme/tasks/find-the-bug", people.key(people.vic)).status_code == 403
        assert api("DELETE", "/v1/org/acme/tasks/find-the-bug", stranger).status_code == 404
        assert browse(people.vic).post(page).status_code == 403
        assert browse(people.eve).post(page).status_code == 404
        assert session.query(Task).count() == 1
        assert browse(people.bob).post(page).status_code == 303
        assert session.query(Task).count() == 0


class TestGoAlong:
    def test_with_the_organization(self, people, made, left, olga, bell):
        admin.delete_organization(people.organization, by=olga, name="Acme")
        for _ in range(4):
            bell.work(300)
            admin.go_on_deleting()

        assert session.query(Task).count() == session.query(Environment).count() == 0
        assert left() == set()

    def test_with_the_project_but_for_the_task(self, people, made, left, bell):
        project, project_id = made.project, made.project_id

        admin.delete_project(project, by=people.ada)
        bell.work()
        admin.finish_deleting()

        assert session.get(Project, project_id, populate_existing=True) is None
        assert left() == {"repository", "built", "cache"}

    def test_a_project_waits_for_what_is_on_its_way(self, people, publish, bell, monkeypatch):
        project = people.project()
        environment, _ = operations.create_environment(project, publish(), by=people.bob)
        with transaction():
            environment.run_id = None  # as when a worker is at it, which has not heard of the end
        monkeypatch.setattr("app.environments.operations.making.take_down", lambda _: None)

        admin.delete_project(project, by=people.ada)
        bell.runs.clear()

        assert admin.finish_deleting() == 0
        assert session.get(Project, project.id, populate_existing=True) is not None
        assert environment.status is EnvironmentState.BUILDING
