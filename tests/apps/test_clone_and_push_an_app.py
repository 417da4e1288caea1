"""An app beside the project's own is cloned and pushed to: its branches are its versions."""

import base64

import pytest

from app.apps import operations, queries
from app.core.db import let_go, session
from app.projects import operations as projects
from app.projects.models import Starter


@pytest.fixture
def address(people, site, shop):
    """Return the clone address of the shop with somebody's key in it."""
    path = shop.clone_url.removeprefix("http://greenroom.test")

    def address(user, *scopes, organization=None):
        secret = people.key(user, *scopes, organization=organization)
        let_go()
        return f"{site.replace('://', f'://anybody:{secret}@')}{path}"

    return address


@pytest.fixture
def commit(git, tmp_path):
    """Clone, commit a file, and return the folder."""

    def commit(address, branch="main"):
        folder = tmp_path / f"clone-{len(list(tmp_path.iterdir()))}"
        git("clone", "-q", address, str(folder))
        git("switch", "-qC", branch, folder=folder)
        (folder / "new.html").write_text("<h1>New</h1>")
        git("add", ".", folder=folder)
        git("commit", "-qm", "Something new", folder=folder)
        return folder

    return commit


def asked(browse, path, secret):
    headers = {"Authorization": "Basic " + base64.b64encode(f"x:{secret}".encode()).decode()}
    return browse().client.get(f"{path}/info/refs?service=git-upload-pack", headers=headers)


class TestClone:
    def test_gives_a_viewer_every_version(self, people, shop, address, git, tmp_path):
        fork = operations.fork_version(shop, by=people.bob)

        git("clone", "-q", address(people.vic, "read"), str(tmp_path / "clone"))

        assert (tmp_path / "clone" / "index.html").exists()
        assert f"origin/{fork.branch}" in git("branch", "-r", folder=tmp_path / "clone")

    def test_does_not_exist_for_a_stranger(self, people, shop, browse):
        secret = people.key(people.eve, organization=people.elsewhere)

        assert asked(browse, f"{shop.path}.git", secret).status_code == 404
        assert asked(browse, f"{shop.path}.git", "").status_code == 401

    def test_of_the_projects_own_app_is_by_the_address_of_the_project(self, people, shop, browse):
        first = queries.first_app(shop.project)

        answer = asked(browse, f"{first.path}.git", people.key(people.ada))

        assert answer.status_code == 404
        assert "http://greenroom.test/acme/website.git" in answer.text
        assert first.clone_url == "http://greenroom.test/acme/website.git"

    def test_brings_a_browser_to_the_versions(self, shop, browse):
        assert browse().get(f"{shop.path}.git").location == f"{shop.path}/versions"

    def test_is_said_on_the_page_and_to_programs(self, people, shop, browse, api):
        address = f"http://greenroom.test{shop.path}.git"

        assert address in browse(people.vic).get(f"{shop.path}/versions").text
        assert api("GET", f"/apps/{shop.id}", people.key(people.vic)).json["cloneUrl"] == address


class TestPush:
    def test_is_a_save(self, people, shop, main, address, commit, git, bell):
        folder = commit(address(people.bob))

        said = git("push", "origin", "main", folder=folder)

        session.expire_all()
        assert queries.file_at(main, "new.html").text == "<h1>New</h1>"
        assert f"main of Shop: http://greenroom.test{main.path}" in said

    def test_reaches_what_runs_of_the_version(self, people, main, address, commit, git, bell):
        found = operations.open_session(main, by=people.bob)
        bell.work()
        folder = commit(address(people.bob))

        git("push", "-q", "origin", "main", folder=folder)

        session.expire_all()
        assert found.commit_sha == queries.tip_of(main)
        assert (found.folder / "new.html").exists()

    def test_of_a_new_branch_begins_a_version(self, people, shop, main, address, commit, git):
        folder = commit(address(people.bob), "dark")

        said = git("push", "origin", "dark", folder=folder)

        session.expire_all()
        made = queries.version_on(shop, "dark")
        assert (made.name, made.parent_id, made.created_by_id) == ("dark", main.id, people.bob.id)
        assert queries.file_at(made, "new.html").text == "<h1>New</h1>"
        assert "this is a version of Shop from here on" in said

    def test_begins_an_empty_app(self, people, make_app, site, commit, git):
        empty = make_app("Empty", starter=Starter.EMPTY)
        path = empty.clone_url.removeprefix("http://greenroom.test")
        secret = people.key(people.bob)
        let_go()
        folder = commit(f"{site.replace('://', f'://x:{secret}@')}{path}")

        git("push", "-q", "origin", "main", folder=folder)

        session.expire_all()
        assert queries.file_at(queries.default_version(empty), "new.html").text == "<h1>New</h1>"
        assert len(queries.versions_of(empty)) == 1

    def test_deletes_no_version(self, people, shop, address, commit, git):
        fork = operations.fork_version(shop, by=people.bob)
        folder = commit(address(people.bob))

        said = git("push", "origin", f":{fork.branch}", folder=folder, fails=True)

        assert "is a version of Shop: delete that in Greenroom" in said
        assert queries.tip_of(fork) is not None

    def test_to_a_deleted_version_is_refused(self, people, shop, address, commit, git):
        fork = operations.fork_version(shop, by=people.bob)
        operations.delete_version(fork, by=people.bob)
        before = queries.tip_of(fork)
        folder = commit(address(people.bob))

        said = git("push", "origin", f"main:{fork.branch}", folder=folder, fails=True)

        assert "take it back in Greenroom first" in said
        assert queries.tip_of(fork) == before

    def test_is_refused_in_a_sentence(self, people, main, address, commit, git):
        before = queries.tip_of(main)
        folder = commit(address(people.rae))

        assert "You may clone Shop, not push to it." in git(
            "push", "origin", "main", folder=folder, fails=True
        )
        assert queries.tip_of(main) == before

    def test_needs_a_key_that_writes(self, people, main, address, commit, git):
        folder = commit(address(people.bob, "read"))

        assert "does not carry the scope `write`" in git("push", "origin", "main", folder=folder, fails=True)

    def test_is_refused_while_the_project_rests(self, people, shop, address, commit, git):
        folder = commit(address(people.bob))
        projects.archive_project(shop.project, by=people.ada)
        let_go()

        assert "Website rests" in git("push", "origin", "main", folder=folder, fails=True)

    def test_is_refused_once_the_app_is_deleted(self, people, shop, address, commit, git):
        folder = commit(address(people.bob))
        operations.delete_app(shop, by=people.bob)
        let_go()

        assert "Shop is deleted" in git("push", "origin", "main", folder=folder, fails=True)
