"""A version runs while Bob edits it: it comes up, shows what is saved, and ends when he is gone."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.apps import operations, queries
from app.apps.models import AppPreviewSession, SessionStatus
from app.core import ledger
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.engine import instances, routes
from app.engine.instances import Instance, InstanceMoved, InstanceState
from app.projects import operations as projects
from app.projects.models import Starter
from app.projects.queries import repository_of

S = SessionStatus


@pytest.fixture
def project(people, bell):
    project = people.project()
    bell.work()
    return project


@pytest.fixture
def version(project):
    return queries.default_version(queries.first_app(project))


@pytest.fixture
def up(version, people, bell):
    """A session of it that is ready."""
    found = operations.open_session(version, by=people.bob)
    bell.work()
    return found


def save(version, people, **files):
    """Commit files to a version, as the editor does; a name with two underscores means a dot."""
    project = version.app.project
    repository, old = repository_of(project), queries.tip_of(version)
    changes = {name.replace("__", "."): text and text.encode() for name, text in files.items()}
    new = repository.commit_files(
        version.branch, changes, message="Save", author=projects.signature_of(people.bob), parent=old
    )
    operations.follow_saved(version)
    return new


def with_process(found):
    """Say of a session that a process serves it, as a dev server would."""
    with transaction():
        found.has_process = True
        found.plan = {**found.plan, "reload": "restart"}
        instances.want(
            found.name,
            purpose="session",
            subject_id=found.id,
            folder=found.folder,
            command="serve",
            log_path=found.log_path,
        )


class TestComingUp:
    def test_the_files_are_laid_out_and_served_at_an_address_of_its_own(self, up, version, project):
        route = routes.find(up.label)

        assert (up.status, up.commit_sha) == (S.READY, queries.tip_of(version))
        assert (route.kind, route.access, route.project_id) == ("static", "private", project.id)
        assert (up.folder / "index.html").is_file()
        assert up.label.endswith("--website")
        assert operations.disagreements() == []

    def test_who_comes_later_gets_the_same_one(self, up, version, people, bell):
        with time_machine.travel(now() + timedelta(seconds=60), tick=False):
            again = operations.open_session(version, by=people.ada)

        assert again.id == up.id
        assert again.last_heartbeat_at > up.created_at + timedelta(seconds=50)
        assert bell.runs == []

    def test_one_that_is_over_is_followed_by_another(self, up, version, people, bell):
        operations.stop_session(up, by=people.bob)
        bell.work()

        again = operations.open_session(version, by=people.bob)

        assert again.id != up.id
        assert again.is_on_the_way

    def test_one_that_is_just_being_stopped_is_waited_for(self, version, people, bell):
        found = operations.open_session(version, by=people.bob)
        handle = ledger.take(found.run_id)
        operations.stop_session(found, by=people.bob)

        with pytest.raises(Conflict, match="just being stopped") as trouble:
            operations.open_session(version, by=people.bob)

        assert trouble.value.retry_after == 1
        assert handle is not None
        assert queries.run_of_session(found).cancel_requested_at is not None

    def test_what_cannot_be_shown_says_why_and_what_to_do(self, version, people, bell):
        everything = dict.fromkeys(repository_of(version.app.project).files(version.branch))
        repository_of(version.app.project).commit_files(
            version.branch,
            {**everything, "notes.txt": b"nothing to run"},
            message="Empty it",
            author=projects.signature_of(people.bob),
        )

        found = operations.open_session(version, by=people.bob)
        bell.work()

        assert (found.status, found.error_code) == (S.FAILED, "no_plan")
        assert "Nothing says how to run this" in found.error_message
        assert routes.find(found.label) is None
        assert not found.folder.exists()

    def test_an_empty_version_is_refused(self, people, bell):
        empty = people.project("Later", starter=Starter.EMPTY)

        with pytest.raises(Conflict, match="no files in this version yet"):
            operations.open_session(queries.default_version(queries.first_app(empty)), by=people.bob)

    def test_a_viewer_may_not(self, version, people):
        with pytest.raises(NotAllowed):
            operations.open_session(version, by=people.vic)

        assert queries.open_session_of(version) is None


class TestWhatIsSaved:
    def test_is_there_at_once(self, up, version, people):
        new = save(version, people, index__html="<h1>Fresh bread</h1>", about__html=None)

        assert (up.folder / "index.html").read_text() == "<h1>Fresh bread</h1>"
        assert not (up.folder / "about.html").exists()
        assert up.commit_sha == new

    def test_unheard_is_there_soon_after(self, up, version, people):
        repository_of(version.app.project).commit_files(
            version.branch, {"index.html": b"late"}, message="Late", author=projects.signature_of(people.bob)
        )

        operations.settle_sessions()

        assert (up.folder / "index.html").read_text() == "late"
        assert list(operations.session_disagreements()) == []

    def test_starts_a_process_again_that_does_not_do_so_itself(self, up, version, people):
        with_process(up)
        before = session.scalars(select(Instance.version).where(Instance.label == up.name)).one()

        save(version, people, index__html="new")

        assert session.scalars(select(Instance.version).where(Instance.label == up.name)).one() > before

    def test_to_what_decides_how_it_is_served_lets_it_come_up_anew(self, up, version, people, bell):
        save(version, people, greenroom__toml='[build]\noutput = "."\n')

        assert up.status is S.HYDRATING
        assert routes.find(up.label).kind == "waiting"
        bell.work()
        assert up.status is S.READY
        assert up.commit_sha == queries.tip_of(version)

    def test_reaches_no_session_that_is_over(self, up, version, people, bell):
        operations.stop_session(up, by=people.bob)
        bell.work()

        save(version, people, index__html="new")

        assert up.commit_sha != queries.tip_of(version)


class TestTheEnd:
    def test_takes_files_process_and_address_away(self, up, people, bell):
        with_process(up)

        operations.stop_session(up, by=people.bob)
        bell.work()

        assert up.status is S.STOPPED
        assert up.stopped_at is not None
        assert routes.find(up.label) is None
        assert not up.folder.exists()
        assert not up.lock_path.exists()
        assert session.scalars(select(Instance.desired).where(Instance.label == up.name)).one() == "gone"

    def test_of_one_that_waits_for_its_turn_is_at_once(self, version, people, bell):
        found = operations.open_session(version, by=people.bob)

        operations.stop_session(found, by=people.bob)
        operations.stop_session(found, by=people.bob)

        assert found.status is S.STOPPED

    def test_comes_when_nobody_was_there_for_ninety_seconds(self, up, bell):
        with time_machine.travel(now() + timedelta(seconds=89), tick=False):
            operations.settle_sessions()
            assert up.status is S.READY
        with time_machine.travel(now() + timedelta(seconds=91), tick=False):
            operations.settle_sessions()
            bell.work()

        assert up.status is S.STOPPED
        assert not up.folder.exists()

    def test_is_put_off_by_a_beat(self, up, people, bell):
        with time_machine.travel(now() + timedelta(seconds=60), tick=False):
            operations.keep_alive(up, by=people.bob)
        with time_machine.travel(now() + timedelta(seconds=120), tick=False):
            operations.settle_sessions()

        assert up.status is S.READY

    def test_comes_with_the_rest_of_its_project(self, up, project, people, bell):
        projects.archive_project(project, by=people.ada)

        operations.settle_sessions()

        assert up.status is S.STOPPED

    def test_comes_with_its_version(self, project, people, bell):
        fork = operations.fork_version(queries.first_app(project), by=people.bob)
        found = operations.open_session(fork, by=people.bob)
        bell.work()

        operations.delete_version(fork, by=people.bob)
        bell.work()

        assert found.status is S.STOPPED
        assert not found.folder.exists()
        with pytest.raises(Conflict, match="is deleted"):
            operations.open_session(fork, by=people.bob)

    def test_comes_with_its_app(self, shop, main, people, bell):
        found = operations.open_session(main, by=people.bob)
        bell.work()

        operations.delete_app(shop, by=people.bob)
        bell.work()

        assert found.status is S.STOPPED
        assert not found.folder.exists()
        assert queries.open_session_of(main) is None

    def test_of_its_process_is_a_failure_with_a_reason(self, up, bell):
        with_process(up)
        with transaction():
            row = session.scalars(select(Instance).where(Instance.label == up.name)).one()
            row.state, row.error_code, row.error_message = InstanceState.FAILED, "crashed", "It ended with 1."

        operations.follow_session_instance(InstanceMoved(up.name, "session", up.id, InstanceState.FAILED))

        assert (up.status, up.error_code, up.error_message) == (S.FAILED, "crashed", "It ended with 1.")

    def test_of_its_files_is_one_too(self, up, bell):
        up.folder.rename(up.folder.with_name("elsewhere"))

        operations.settle_sessions()

        assert (up.status, up.error_code) == (S.FAILED, "files_missing")

    def test_is_gone_through_with_where_it_was_interrupted(self, up, people, bell):
        operations.stop_session(up, by=people.bob)
        bell.runs.clear()  # nobody ever hears of it

        with time_machine.travel(now() + timedelta(minutes=5), tick=False):
            with transaction():
                session.delete(ledger.latest("apps.remove_session", up.id))
            operations.settle_sessions()
            bell.work()

        assert routes.find(up.label) is None
        assert not up.folder.exists()

    def test_leaves_no_row_behind_after_a_day(self, up, people, bell):
        with_process(up)
        operations.stop_session(up, by=people.bob)
        bell.work()
        with transaction():
            row = session.scalars(select(Instance).where(Instance.label == up.name)).one()
            row.state = InstanceState.GONE
        log = up.log_path
        assert log.exists()

        with time_machine.travel(now() + timedelta(days=1, minutes=1), tick=False):
            operations.settle_sessions()

        assert session.scalars(select(AppPreviewSession)).all() == []
        assert session.scalars(select(Instance).where(Instance.purpose == "session")).all() == []
        assert not log.exists()


class TestTheTruth:
    def test_names_a_session_that_nobody_works_on(self, version, people, bell):
        found = operations.open_session(version, by=people.bob)
        with transaction():
            found.run_id = None

        assert operations.disagreements() == [
            f"Preview session {found.id} is hydrating, but nothing works on it."
        ]

    def test_names_one_whose_address_leads_elsewhere(self, up):
        routes.remove(up.label)

        assert f"Preview session {up.id} is to be seen at {up.label}, but that leads to gone." in (
            operations.disagreements()
        )

    def test_names_one_that_nobody_is_at(self, up):
        with time_machine.travel(now() + timedelta(minutes=10), tick=False):
            assert any("nobody was there since" in line for line in operations.disagreements())


class TestForPrograms:
    @pytest.fixture
    def key(self, people):
        return people.key(people.bob)

    def test_the_whole_way(self, version, people, bell, api, key):
        opened = api("POST", "/app-preview-sessions", key, json={"appVersionId": version.id})
        found = opened.json
        assert (opened.status_code, found["status"], found["previewUrl"]) == (201, "hydrating", None)
        assert found["nextPollMs"]

        bell.work()
        address = f"/apps/preview/{found['id']}"
        shown = api("GET", address, key).json
        assert (shown["status"], shown["appVersionId"]) == ("ready", version.id)
        assert shown["previewUrl"] == f"http://edit-{found['id'][-12:]}--website.preview.greenroom.test"
        assert shown["metadata"]["reload"] == "page"
        assert shown["nextPollMs"] is None

        beat = api("POST", f"{address}/keepalive", key).json
        assert beat == {"id": found["id"], "status": "ready"}
        assert api("DELETE", address, key).json == {"success": True}
        assert api("GET", address, key).json["status"] == "stopped"

    def test_a_failure_has_its_reason(self, version, people, bell, api, key):
        found = operations.open_session(version, by=people.bob)
        run = queries.run_of_session(found)
        with transaction():
            ledger.fail(
                run, operations.sessions.Failed("install_failed", "No flour.", "Buy some.", ["flour"])
            )

        assert api("GET", f"/apps/preview/{found.id}", key).json["error"] == {
            "code": "install_failed",
            "message": "No flour.",
            "suggestion": "Buy some.",
            "lines": ["flour"],
        }

    @pytest.mark.parametrize("body", [{}, {"appVersionId": 7}, {"appVersionId": ""}])
    def test_bad_input_is_named(self, version, api, key, body):
        answer = api("POST", "/app-preview-sessions", key, json=body)

        assert (answer.status_code, answer.json["errors"][0]["loc"]) == (422, ["body", "appVersionId"])

    def test_a_stranger_finds_nothing_and_a_viewer_may_only_look(self, up, version, people, api):
        eve = people.key(people.eve, organization=people.elsewhere)
        vic = people.key(people.vic)
        address, body = f"/apps/preview/{up.id}", {"appVersionId": version.id}

        assert api("GET", address, vic).status_code == 200
        for method, path in [("POST", f"{address}/keepalive"), ("DELETE", address)]:
            assert api(method, path, vic).status_code == 403
            assert api(method, path, eve).status_code == 404
        assert api("GET", address, eve).status_code == 404
        assert api("POST", "/app-preview-sessions", vic, json=body).status_code == 403
        assert api("POST", "/app-preview-sessions", eve, json=body).status_code == 404
        assert up.status is S.READY
