"""A version is built by number, with the environment of that moment; what it left is stored once."""

import pytest

from app.apps import operations, queries
from app.apps.models import BuildStatus, BuildTrigger, VariableType
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.ledger import Run
from app.engine import artifacts
from tests.apps.road import built, held_app, push


class TestBuild:
    def test_is_numbered_and_stored(self, people, bell):
        app = held_app(people, bell)

        build = built(app, bell, by=people.bob, index_html=b"<h1>Second</h1>")

        assert (build.number, build.status, build.trigger) == (2, BuildStatus.COMPLETED, BuildTrigger.MANUAL)
        assert build.commit_sha == queries.repository_of_app(app).head("main")
        assert artifacts.is_kept(build.artifact)
        assert not build.folder.exists()
        assert "Fetching the files" in build.log_path.read_text()
        assert build.duration_ms is not None
        assert build.typical_ms is not None
        assert queries.live_deploy(app).build_id != build.id

    def test_the_same_content_is_stored_once(self, people, bell):
        app = held_app(people, bell)

        first, second = built(app, bell, by=people.bob), built(app, bell, by=people.bob)

        assert first.artifact == second.artifact
        assert (first.number, second.number) == (2, 3)

    def test_what_cannot_be_built_says_why(self, people, bell):
        app = held_app(people, bell)

        build = built(app, bell, by=people.bob, greenroom_toml=b'[build]\ncommand = "false"\n')

        assert build.status is BuildStatus.FAILED
        assert build.error_message
        assert build.artifact is None
        assert not build.folder.exists()

    def test_secrets_are_in_no_log(self, people, bell):
        app = held_app(people, bell)
        secret = "a-very-secret-word"
        operations.set_app_variable(app, by=people.ada, name="TOKEN", value=secret, kind=VariableType.SECRET)
        operations.set_app_variable(app, by=people.ada, name="MODE", value="demo-mode")

        toml = b'[build]\ncommand = "echo $TOKEN $MODE"\noutput = "."\n'
        build = built(app, bell, by=people.bob, greenroom_toml=toml)

        said = build.log_path.read_text()
        assert build.status is BuildStatus.COMPLETED
        assert "demo-mode" in said
        assert secret not in said
        assert (build.variables, build.secrets) == ({"MODE": "demo-mode"}, {"TOKEN": secret})

    def test_is_for_developers(self, people, bell):
        app = held_app(people, bell)
        version = queries.default_version(app)

        for somebody in (people.rae, people.vic, people.eve):
            with pytest.raises(NotAllowed):
                operations.start_build(version, by=somebody)

        assert len(queries.unended_builds(app)) == 0

    def test_of_an_empty_version_is_refused(self, people, bell):
        from app.projects.models import Starter

        app = queries.first_app(people.project("Later", starter=Starter.EMPTY))

        with pytest.raises(Conflict, match="nothing in this version"):
            operations.start_build(queries.default_version(app), by=people.bob)


class TestCancel:
    def test_a_waiting_one_ends_at_once(self, people, bell):
        app = held_app(people, bell)
        build = operations.start_build(queries.default_version(app), by=people.bob)

        operations.cancel_build(build, by=people.bob)

        assert build.status is BuildStatus.CANCELLED
        assert not session.get(Run, build.run_id).is_open
        with pytest.raises(Conflict, match="cancelled already"):
            operations.cancel_build(build, by=people.bob)
        with pytest.raises(NotAllowed):
            operations.cancel_build(build, by=people.vic)


class TestByItself:
    def test_a_push_is_built_where_the_app_says_so(self, people, bell):
        app = held_app(people, bell)
        push(app.project, {"index.html": b"one"}, people.bob)
        assert queries.unended_builds(app) == []
        with transaction():
            app.config = {"autoBuild": True}

        push(app.project, {"index.html": b"two"}, people.bob)
        push(app.project, {"index.html": b"three"}, people.bob)

        waiting = queries.unended_builds(app)
        assert [(each.trigger, each.started_by) for each in waiting] == [(BuildTrigger.AUTO, people.bob)]
        assert waiting[0].commit_sha == queries.repository_of_app(app).head("main")


class TestSweep:
    def test_keeps_what_is_live_and_what_may_come_back(self, people, bell, monkeypatch):
        app = held_app(people, bell)
        first = queries.live_deploy(app).build
        builds = [built(app, bell, by=people.bob, index_html=f"{n}".encode()) for n in range(2)]
        monkeypatch.setattr("app.apps.queries.builds.KEPT", 1)
        monkeypatch.setattr("app.engine.artifacts._YOUNG_SECONDS", -1.0)

        assert operations.sweep_artifacts() > 0

        assert [artifacts.is_kept(each.artifact) for each in (first, *builds)] == [True, False, True]
