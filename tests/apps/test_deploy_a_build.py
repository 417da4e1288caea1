"""A build is put live beside what is live; what fails leaves what was; an earlier one comes back."""

from pathlib import Path

import pytest

from app.apps import operations, queries
from app.apps.models import BuildStatus, BuildTrigger, DeployStatus, DeployTrigger
from app.core.db import session
from app.core.errors import Conflict, NotAllowed
from app.engine import artifacts, routes, serving
from tests.apps.road import built, held_app, push


def seen(app) -> str:
    return Path(routes.find(app.handle).directory, "index.html").read_text()


class TestDeploy:
    def test_the_latest_good_build_takes_the_address(self, people, bell):
        app = held_app(people, bell)
        before = queries.live_deploy(app)
        build = built(app, bell, by=people.bob, index_html=b"second")
        built(app, bell, by=people.bob, greenroom_toml=b'[build]\ncommand = "false"\n')

        deploy = operations.deploy_latest(app, by=people.bob)
        bell.work()

        session.refresh(before)
        assert (deploy.status, deploy.build_id) == (DeployStatus.LIVE, build.id)
        assert (before.status, app.live_deploy_id) == (DeployStatus.REPLACED, deploy.id)
        assert seen(app) == "second"
        assert not (build.folder.parent / before.name).exists()

    def test_one_that_failed_is_refused(self, people, bell):
        app = held_app(people, bell)
        build = built(app, bell, by=people.bob, greenroom_toml=b'[build]\ncommand = "false"\n')

        with pytest.raises(Conflict, match="Build 2 is failed"):
            operations.deploy_build(build, by=people.bob)
        with pytest.raises(NotAllowed):
            operations.deploy_build(build, by=people.vic)

    def test_without_a_build_there_is_nothing_to_deploy(self, people, bell):
        app = queries.first_app(people.project())

        with pytest.raises(Conflict, match="no build that completed"):
            operations.deploy_latest(app, by=people.bob)

    def test_what_does_not_start_leaves_what_was(self, people, bell, monkeypatch):
        app = held_app(people, bell)
        live = queries.live_deploy(app)
        build = built(app, bell, by=people.bob, index_html=b"second")

        def fail(*_args, **_more):
            from app.core.errors import Failed

            raise Failed("start_timeout", "It did not answer.")

        monkeypatch.setattr(serving, "start", fail)
        deploy = operations.deploy_build(build, by=people.bob)
        bell.work()

        assert (deploy.status, deploy.error_message) == (DeployStatus.FAILED, "It did not answer.")
        assert build.status is BuildStatus.COMPLETED
        assert queries.live_deploy(app).id == live.id
        assert seen(app) != "second"

    def test_a_merge_builds_and_deploys_in_one(self, people, bell):
        project = people.project()
        bell.work()
        push(project, {"index.html": b"pushed"}, people.bob)
        app = queries.first_app(project)
        waiting = queries.latest_deploy(app)

        assert (waiting.trigger, waiting.build.trigger) == (DeployTrigger.AUTO, BuildTrigger.AUTO)
        bell.work()

        session.refresh(waiting)
        assert (waiting.status, waiting.build.status) == (DeployStatus.LIVE, BuildStatus.COMPLETED)

    def test_cancelled_it_takes_its_build_along(self, people, bell):
        project = people.project()
        app = queries.first_app(project)
        deploy = queries.latest_deploy(app)

        operations.cancel_build(deploy.build, by=people.bob)

        assert (deploy.status, deploy.build.status) == (DeployStatus.CANCELLED, BuildStatus.CANCELLED)


class TestRollBack:
    def test_the_one_before_comes_back_with_the_environment_of_its_time(self, people, bell):
        app = held_app(people, bell)
        operations.set_app_variable(app, by=people.ada, name="MODE", value="early")
        first = built(app, bell, by=people.bob, index_html=b"first")
        operations.deploy_build(first, by=people.bob)
        bell.work()
        operations.set_app_variable(app, by=people.ada, name="MODE", value="late")
        operations.set_app_variable(app, by=people.ada, name="NEW", value="1")
        second = built(app, bell, by=people.bob, index_html=b"second")
        operations.deploy_build(second, by=people.bob)
        bell.work()

        changes = operations.what_changes(app, operations.build_before(app))
        deploy = operations.roll_back(app, by=people.bob)
        bell.work()

        assert [commit.sha for commit in changes.taken_off] == [second.commit_sha]
        assert (changes.brought_in, changes.added) == ([], [])
        assert (changes.removed, changes.changed) == (["NEW"], ["MODE"])
        assert (deploy.build_id, deploy.trigger) == (first.id, DeployTrigger.ROLLBACK)
        assert operations.place_of(deploy).env == {"MODE": "early"}
        assert (deploy.status, seen(app)) == (DeployStatus.LIVE, "first")

    def test_what_was_swept_is_built_again_with_the_same_environment(self, people, bell):
        app = held_app(people, bell)
        first = queries.live_deploy(app).build
        operations.set_app_variable(app, by=people.ada, name="NEW", value="1")
        operations.deploy_build(built(app, bell, by=people.bob, index_html=b"second"), by=people.bob)
        bell.work()
        serving.clear(artifacts._folder() / first.artifact)

        deploy = operations.roll_back(app, by=people.bob, build=first)
        bell.work()

        session.refresh(deploy)
        assert deploy.status is DeployStatus.LIVE
        assert (deploy.build.trigger, deploy.build.env) == (BuildTrigger.REDEPLOY, first.env)
        assert "Website" in seen(app)

    def test_only_what_was_live_and_is_not(self, people, bell):
        app = held_app(people, bell)
        with pytest.raises(Conflict, match="nothing to go back to"):
            operations.roll_back(app, by=people.bob)
        build = built(app, bell, by=people.bob, index_html=b"second")

        with pytest.raises(Conflict, match="never live"):
            operations.roll_back(app, by=people.bob, build=build)
        with pytest.raises(Conflict, match="live already"):
            operations.roll_back(app, by=people.bob, build=queries.live_deploy(app).build)
        with pytest.raises(NotAllowed):
            operations.roll_back(app, by=people.rae)
