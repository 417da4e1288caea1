"""What is on main is built and live at the app's address; what fails leaves what was."""

from pathlib import Path

from app.apps import queries
from app.apps.models import DeployStatus
from app.core.db import session
from app.engine import routes
from app.projects.operations import note_moves, signature_of
from app.projects.queries import repository_of


def push(project, files, by):
    repository = repository_of(project)
    old = repository.head("main")
    new = repository.commit_files("main", files, message="A push", author=signature_of(by), parent=old)
    note_moves(project, [("refs/heads/main", old, new)], by=by)
    return new


class TestPutMainLive:
    def test_a_new_project_is_live_by_itself(self, people, bell):
        project = people.project()

        bell.work()

        app = queries.first_app(project)
        route = routes.find(app.handle)
        assert queries.live_deploy(app).id == app.live_deploy_id
        assert (route.kind, route.access) == ("static", "private")
        assert "Website" in Path(route.directory, "index.html").read_text()

    def test_a_push_replaces_what_was_live_and_removes_its_files(self, people, bell):
        project = people.project()
        bell.work()
        app = queries.first_app(project)
        before = queries.live_deploy(app)
        old_folder = routes.find(app.handle).directory

        push(project, {"index.html": b"<h1>Second</h1>"}, people.ada)
        bell.work()

        session.refresh(before)
        assert before.status is DeployStatus.REPLACED
        assert Path(routes.find(app.handle).directory, "index.html").read_text() == "<h1>Second</h1>"
        assert not Path(old_folder).exists()

    def test_a_commit_that_cannot_be_built_leaves_what_is_live(self, people, bell):
        project = people.project()
        bell.work()
        app = queries.first_app(project)
        live = queries.live_deploy(app)
        files = dict.fromkeys(repository_of(project).files("main"))

        push(project, {**files, "notes.txt": b"nothing"}, people.ada)
        bell.work()

        assert queries.latest_deploy(app).status is DeployStatus.FAILED
        assert queries.live_deploy(app).id == live.id
        assert routes.find(app.handle).kind == "static"

    def test_an_empty_project_has_nothing_to_put_live(self, people, bell):
        from app.projects.models import Starter

        project = people.project("Later", starter=Starter.EMPTY)
        bell.work()

        assert queries.latest_deploy(queries.first_app(project)) is None

    def test_two_pushes_leave_the_later_one(self, people, bell):
        project = people.project()
        push(project, {"index.html": b"one"}, people.ada)
        last = push(project, {"index.html": b"two"}, people.ada)

        bell.work()

        assert queries.live_deploy(queries.first_app(project)).commit_sha == last


class TestThePage:
    def test_viewer_looks_developer_deploys_stranger_sees_nothing(self, people, browse, bell):
        project = people.project()
        bell.work()
        address = f"{project.path}/live"

        assert browse(people.vic).get(address).status_code == 200
        assert browse(people.vic).post(address).status_code == 403
        assert browse(people.bob).post(address).status_code == 303
        assert browse(people.eve).get(address).status_code == 404
        assert browse(people.eve).post(address).status_code == 404

    def test_polls_while_a_deploy_is_on_its_way(self, people, browse, bell):
        project = people.project()
        waiting = browse(people.bob).htmx("GET", f"{project.path}/live").text
        bell.work()
        final = browse(people.bob).htmx("GET", f"{project.path}/live").text

        assert 'hx-trigger="every ' in waiting
        assert "hx-trigger" not in final
