"""An app with a repository of its own is built when somebody saves, put live, and off its address when deleted."""

from pathlib import Path

import pytest

from app.apps import operations, queries
from app.apps.models import BuildTrigger, DeployStatus
from app.core.db import session, transaction
from app.engine import routes
from app.engine.sandbox import bubblewrap


@pytest.fixture
def site_of_node(monkeypatch, tmp_path):
    """A site that is built by Node, on a machine whose Node is 22."""
    program = tmp_path / "node"
    program.write_text("#!/bin/sh\necho v22.11.0\n")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "tools", lambda: {"node": program})
    return {"package.json": b'{"devDependencies": {"vite": "8"}, "scripts": {"build": "vite build"}}'}


class TestServe:
    def test_a_save_is_built_where_the_app_says_so(self, people, bell, shop, main):
        operations.create_file(main, by=people.bob, path="one.txt", content=b"1")
        assert queries.unended_builds(shop) == []
        with transaction():
            shop.config = {"autoBuild": True}

        saved = operations.create_file(main, by=people.bob, path="two.txt", content=b"2")

        (build,) = queries.unended_builds(shop)
        assert (build.trigger, build.commit_sha) == (BuildTrigger.AUTO, saved.commit)
        assert (build.app_version_id, build.started_by) == (main.id, people.bob)

    def test_is_built_as_its_settings_say(self, people, bell, shop, main):
        with transaction():
            shop.config = {"build": "mkdir out && echo told > out/index.html", "output": "out"}

        operations.start_build(main, by=people.bob)
        bell.work()
        operations.deploy_latest(shop, by=people.bob)
        bell.work()

        assert Path(routes.find(shop.handle).directory, "index.html").read_text() == "told\n"

    def test_is_told_that_this_server_has_another_node(self, people, bell, make_app, site_of_node):
        app = make_app("Node", files=site_of_node)
        operations.edit_app(app, by=people.bob, config={"nodeVersion": "4"})

        build = operations.start_build(queries.default_version(app), by=people.bob)
        found = operations.open_session(queries.default_version(app), by=people.bob)
        bell.work()

        for each in (build, found):
            session.refresh(each)
            assert (each.status, each.error_code) == ("failed", "other_node")
            assert "asks for Node.js 4" in each.error_message

    def test_is_live_at_its_handle_and_off_it_once_deleted(self, people, bell, shop, main):
        operations.start_build(main, by=people.bob)
        bell.work()
        deploy = operations.deploy_latest(shop, by=people.bob)
        bell.work()
        served = Path(routes.find(shop.handle).directory, "index.html")
        assert served.is_file()
        assert shop.live_deploy_id == deploy.id

        operations.delete_app(shop, by=people.bob)
        bell.work()

        session.refresh(deploy)
        assert (deploy.status, shop.live_deploy_id) == (DeployStatus.REPLACED, None)
        assert routes.find(shop.handle).kind == "gone"
        assert not served.exists()
