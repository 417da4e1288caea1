import base64
import os

import pytest

from app.apps import operations as apps
from app.apps.queries import first_app
from app.core.db import let_go, session, transaction
from app.engine.repositories import Repository
from app.previews.queries import mark_of
from app.projects import operations
from app.projects.models import Starter
from app.projects.queries import repository_of


def basic(secret, name="x"):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


@pytest.fixture
def address(people, site):
    """Return the clone address of Ada's website with somebody's key in it."""

    def address(user, *scopes, project="website", organization=None):
        secret = people.key(user, *scopes, organization=organization)
        let_go()
        return f"{site.replace('://', f'://anybody:{secret}@')}/acme/{project}.git"

    return address


@pytest.fixture
def commit(git, tmp_path):
    """Clone, commit a file on a branch, and return the folder."""

    def commit(address, branch="work", *, text="<h1>New</h1>"):
        folder = tmp_path / f"clone-{branch}-{len(list(tmp_path.iterdir()))}"
        git("clone", "-q", address, str(folder))
        git("switch", "-qC", branch, folder=folder)
        (folder / "new.html").write_text(text)
        git("add", ".", folder=folder)
        git("commit", "-qm", "Something new", folder=folder)
        return folder

    return commit


@pytest.fixture
def heard(monkeypatch):
    """Collect what the pushes moved."""
    moves = []
    plain = operations.note_moves

    def note(project, changes, *, by):
        moves.extend((project.slug, change.ref, by.name) for change in changes)
        plain(project, changes, by=by)

    monkeypatch.setattr(operations, "note_moves", note)
    return moves


class TestClone:
    def test_asks_for_a_key(self, people, browse):
        people.project()

        answer = browse().client.get("/acme/website.git/info/refs?service=git-upload-pack")

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert answer.mimetype == "text/plain"
        assert "API key" in answer.text

    @pytest.mark.parametrize("secret", ["gr_guessed", "", "correct horse battery"])
    def test_takes_nothing_else(self, people, browse, secret):
        people.project()

        answer = browse().client.get(
            "/acme/website.git/info/refs?service=git-upload-pack", headers=basic(secret)
        )

        assert answer.status_code == 401

    def test_does_not_take_the_cookie(self, people, browse):
        people.project()

        answer = browse(people.ada).get("/acme/website.git/info/refs?service=git-upload-pack")

        assert answer.status_code == 401

    def test_gives_a_viewer_everything(self, people, address, git, tmp_path):
        people.project()

        git("clone", "-q", address(people.vic, "read"), str(tmp_path / "clone"))

        assert (tmp_path / "clone" / "index.html").exists()

    def test_takes_an_access_token(self, people, browse):
        from app.accounts.operations import issue_token

        people.project()
        secret, _ = issue_token(people.vic)

        answer = browse().client.get(
            "/acme/website.git/info/refs?service=git-upload-pack", headers=basic(secret)
        )

        assert answer.status_code == 200
        assert answer.mimetype == "application/x-git-upload-pack-advertisement"
        assert b"refs/heads/main" in answer.data
        answer.close()

    def test_does_not_exist_for_a_stranger(self, people, browse):
        people.project()
        secret = people.key(people.eve, organization=people.elsewhere)

        for path in (
            "website.git/info/refs?service=git-upload-pack",
            "website.git/HEAD",
            "nothing.git/info/refs",
        ):
            answer = browse().client.get(f"/acme/{path}", headers=basic(secret))
            assert answer.status_code == 404

    @pytest.mark.parametrize(
        "path", ["HEAD", "objects/info/packs", "config", "info/refs", "../website.git/config"]
    )
    def test_hands_out_no_file_as_it_lies(self, people, browse, path):
        people.project()

        answer = browse().client.get(f"/acme/website.git/{path}", headers=basic(people.key(people.ada)))

        assert answer.status_code == 404

    def test_brings_a_browser_to_the_board(self, people, browse):
        assert browse().get("/acme/website.git").location == "/acme/website"


class TestPush:
    def test_lands_and_is_heard_before_git_ends(self, people, address, commit, git, heard):
        project = people.project()
        folder = commit(address(people.bob))

        git("push", "-q", "origin", "work", folder=folder)

        assert heard == [("website", "refs/heads/work", "Bob Builder")]
        assert "work" in repository_of(project).branches()

    def test_says_what_comes_of_a_requests_branch(self, people, address, commit, git):
        project = people.project()
        request = people.request(project)
        with transaction():
            request.branch_name = "requests/1-show"
        folder = commit(address(people.bob), "requests/1-show")

        said = git("push", "origin", "requests/1-show", folder=folder)

        assert "#1 Show opening hours" in said
        assert "http://1-website.preview.greenroom.test" in said

    def test_says_where_another_branch_is_shown_and_asked_for(self, people, address, commit, git):
        people.project()
        folder = commit(address(people.bob))

        said = git("push", "origin", "work", folder=folder)

        assert f"Preview: http://branch-{mark_of('work')}--website.preview.greenroom.test" in said
        assert "Make a request of it: http://greenroom.test/acme/website/branches" in said

    def test_says_which_version_of_the_app_a_branch_is(self, people, address, commit, git):
        fork = apps.fork_version(first_app(people.project()), by=people.bob, name="Dark")
        folder = commit(address(people.bob), fork.branch)

        said = git("push", "origin", fork.branch, folder=folder)

        assert f"Dark of Website: http://greenroom.test{fork.path}" in said
        assert "Preview" not in said

    def test_says_that_nothing_comes_of_another_where_branches_are_left_alone(
        self, people, address, commit, git
    ):
        with transaction():
            people.project().shows_branches = False
        folder = commit(address(people.bob))

        assert "no open request works on this branch" in git("push", "origin", "work", folder=folder)

    def test_to_what_is_live_is_for_admins(self, people, address, commit, git, heard):
        project = people.project()
        before = repository_of(project).head("main")
        folder = commit(address(people.bob), "main")

        said = git("push", "origin", "main", folder=folder, fails=True)

        assert "main is protected" in said
        assert repository_of(project).head("main") == before
        git("push", "-q", address(people.ada), "main", folder=folder)
        assert repository_of(project).head("main") != before
        assert heard == [("website", "refs/heads/main", "Ada Admin")]

    def test_begins_an_empty_project_by_a_developer(self, people, address, commit, git):
        project = people.project(starter=Starter.EMPTY)
        folder = commit(address(people.bob), "main")

        git("push", "-q", "origin", "HEAD:main", folder=folder)

        session.expire_all()
        assert "new.html" in Repository(project.repository_path).files("main")

    def test_is_refused_in_a_sentence(self, people, address, commit, git):
        people.project()
        folder = commit(address(people.rae))

        said = git("push", "origin", "work", folder=folder, fails=True)

        assert "You may clone Website, not push to it." in said

    def test_needs_a_key_that_writes(self, people, address, commit, git):
        people.project()
        folder = commit(address(people.bob, "read"))

        assert "does not carry the scope `write`" in git("push", "origin", "work", folder=folder, fails=True)

    def test_is_refused_while_the_project_rests(self, people, address, commit, git):
        project = people.project()
        folder = commit(address(people.bob))
        operations.archive_project(project, by=people.ada)
        let_go()

        assert "Website rests" in git("push", "origin", "work", folder=folder, fails=True)

    def test_may_be_larger_than_a_form(self, people, address, commit, git, app, monkeypatch, heard):
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
        people.project()
        folder = commit(address(people.bob), text=base64.b64encode(bytes(range(256)) * 400).decode())
        (folder / "noise.bin").write_bytes(os.urandom(3_000_000))
        git("add", ".", folder=folder)
        git("commit", "-qm", "Noise", folder=folder)

        git("push", "-q", "origin", "work", folder=folder)

        assert heard == [("website", "refs/heads/work", "Bob Builder")]
