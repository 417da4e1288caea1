"""The real git client against a real server around `serve`."""

import gzip
import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from app.engine.repositories import Repository
from app.engine.repositories.smart_http import Change, serve, service_of
from tests.support.git_client import Quiet

MEBIBYTE = 1024 * 1024


class _Host:
    """A server of one repository whose rules a test can set."""

    def __init__(self, repository):
        self.path = repository.path
        self.may_write, self.protected, self.notes, self.max_bytes = True, set(), {}, 100 * MEBIBYTE
        self.kept = set()
        self._changes, self.lengths = [], []
        self._settled = threading.Condition()
        self._open = 0
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=Quiet)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.port}"

    @property
    def changes(self):
        """What the pushes so far moved; a client may have its answer a moment before its request is over."""
        with self._settled:
            assert self._settled.wait_for(lambda: not self._open, 10)
            return list(self._changes)

    def _end(self, answer):
        with self._settled:
            self._changes.extend(answer.changes())
            self._open -= 1
            self._settled.notify_all()

    def _answer(self, environ, start_response):
        request = Request(environ)
        query = request.query_string.decode()
        service = service_of(request.path, query)
        self.lengths.append(request.headers.get("Content-Length"))
        if service is None:
            return Response("nothing", 404)(environ, start_response)
        answer = serve(
            Repository(self.path),
            service=service,
            path_info=request.path,
            query=query,
            headers=request.headers,
            body=request.stream,
            may_write=self.may_write,
            protected=self.protected,
            kept=self.kept,
            notes=self.notes,
            max_bytes=self.max_bytes,
        )
        response = Response(answer.chunks, answer.status, answer.headers)
        with self._settled:
            self._open += 1
        response.call_on_close(lambda: self._end(answer))
        return response(environ, start_response)

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def host(repository):
    host = _Host(repository)
    yield host
    host.stop()


@pytest.fixture
def clone(git, host, commit, tmp_path):
    """Clone a repository that holds one commit, and begin a branch in the clone."""
    commit({"index.html": "<h1>Hi</h1>\n"})
    git("clone", "-q", host.url, "clone")
    folder = tmp_path / "clone"
    git("switch", "-qc", "work", folder=folder)
    return folder


@pytest.fixture
def change(git, clone):
    """Commit a file in the clone and return the commit."""

    def change(name="index.html", content=b"<h1>Hello</h1>\n"):
        (clone / name).write_bytes(content)
        git("add", "-A", folder=clone)
        git("commit", "-qm", f"Change {name}", folder=clone)
        return git("rev-parse", "HEAD", folder=clone).strip()

    return change


class TestClone:
    def test_brings_every_file(self, clone):
        assert (clone / "index.html").read_text() == "<h1>Hi</h1>\n"

    def test_an_empty_repository_can_be_cloned_and_begun(self, git, host, repository, tmp_path):
        git("clone", "-q", host.url, "fresh")
        folder = tmp_path / "fresh"
        assert git("symbolic-ref", "HEAD", folder=folder).strip() == "refs/heads/main"
        (folder / "a.txt").write_text("a")
        git("add", "-A", folder=folder)
        git("commit", "-qm", "First", folder=folder)
        git("push", "-q", "origin", "main", folder=folder)

        assert repository.files("main") == ["a.txt"]

    def test_a_shallow_one_and_a_later_fetch_work(self, git, host, commit, tmp_path):
        for number in range(3):
            commit({"a.txt": str(number)})
        git("clone", "-q", "--depth", "1", host.url, "shallow")
        folder = tmp_path / "shallow"
        assert git("rev-list", "--count", "HEAD", folder=folder).strip() == "1"

        commit({"a.txt": "later"})
        git("pull", "-q", "--unshallow", folder=folder)
        assert git("rev-list", "--count", "HEAD", folder=folder).strip() == "4"

    @pytest.mark.parametrize("version", ["0", "1", "2"])
    def test_each_version_of_the_protocol_is_spoken(self, git, host, commit, tmp_path, version):
        commit({"a.txt": "a"})

        git("-c", f"protocol.version={version}", "clone", "-q", host.url, "clone")

        assert (tmp_path / "clone" / "a.txt").exists()

    def test_many_at_once_get_the_same(self, git, host, repository, ada, tmp_path):
        repository.commit_files("main", {"big.bin": os.urandom(MEBIBYTE)}, message="x", author=ada)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: git("clone", "-q", host.url, f"clone{number}"), range(4)))

        for number in range(4):
            assert (tmp_path / f"clone{number}" / "big.bin").read_bytes() == repository.blob(
                "main", "big.bin"
            )


class TestPush:
    def test_moves_the_branch_and_reports_it(self, git, host, clone, change, repository, fsck):
        sha = change()

        git("push", "-q", "origin", "work", folder=clone)
        again = change("b.txt")
        git("push", "-q", "origin", "work", folder=clone)
        git("push", "-q", "origin", ":work", folder=clone)

        ref = "refs/heads/work"
        assert host.changes == [Change(ref, None, sha), Change(ref, sha, again), Change(ref, again, None)]
        assert "work" not in repository.branches()
        assert not list(repository.path.glob("push-*"))
        fsck(repository)

    def test_a_large_one_arrives_in_chunks(self, git, host, clone, change, repository):
        content = os.urandom(8 * MEBIBYTE)
        sha = change("big.bin", content)

        git("push", "-q", "origin", "work", folder=clone)

        assert host.lengths[-1] is None
        assert repository.blob(sha, "big.bin") == content

    def test_a_tag_is_taken_and_reported(self, git, host, clone, change, repository):
        sha = change()
        git("tag", "-a", "v1", "-m", "one", folder=clone)

        git("push", "-q", "origin", "v1", folder=clone)

        assert repository.resolve("v1") == sha
        assert [change.ref for change in host.changes] == ["refs/tags/v1"]

    def test_tells_the_pusher_of_a_new_branch_by_its_mark_and_nothing_of_a_tag(
        self, git, host, clone, change
    ):
        host.notes = {"main": "not this", "*": "Preview: http://branch-@branch@.localhost"}
        change()
        git("tag", "v1", folder=clone)

        said = git("push", "origin", "HEAD:feature/idea", folder=clone)
        of_tag = git("push", "origin", "v1", folder=clone)

        assert "remote: Preview: http://branch-c59dd82c.localhost" in said
        assert "remote:" not in of_tag

    def test_tells_the_pusher_what_is_known_about_the_branch(self, git, host, clone, change):
        host.notes = {
            "refs/heads/work": "Request 7: New title\nPreview: http://work.preview.localhost\x1b[31m",
            "main": "not this",
            "*": "nor this",
        }
        change()

        said = git("push", "origin", "work", folder=clone)

        assert "remote: Request 7: New title" in said
        assert "remote: Preview: http://work.preview.localhost [31m" in said
        assert "this" not in said

    def test_tells_the_general_note_once_for_all_other_branches(self, git, host, clone, change):
        host.notes = {"main": "about main", "*": "Open a request: http://localhost/requests"}
        change()

        said = git("push", "origin", "HEAD:one", "HEAD:two", folder=clone)

        assert said.count("Open a request") == 1
        assert "about main" not in said

    @pytest.mark.parametrize("name", ["main", "refs/heads/main"])
    def test_a_protected_branch_is_refused_in_words(self, git, host, clone, change, repository, name):
        host.protected = {name}
        before = repository.head("main")
        change()

        said = git("push", "origin", "HEAD:main", folder=clone, fails=True)

        assert "remote: main is protected: push to a branch of its own" in said
        assert repository.head("main") == before
        assert host.changes == []

    def test_one_refusal_holds_back_the_whole_push(self, git, host, clone, change, repository):
        host.protected = {"main"}
        change()

        git("push", "origin", "HEAD:main", "HEAD:work", folder=clone, fails=True)

        assert "work" not in repository.branches()
        assert host.changes == []

    def test_what_is_neither_branch_nor_tag_is_refused(self, git, clone, change):
        change()

        said = git("push", "origin", "HEAD:refs/pull/1/head", folder=clone, fails=True)

        assert "refs/pull/1/head: only branches and tags can be pushed here." in said

    def test_what_bob_has_not_seen_is_not_overwritten(self, git, clone, change, commit, repository):
        theirs = commit({"index.html": "somebody was quicker"})
        change()

        said = git("push", "origin", "HEAD:main", folder=clone, fails=True)

        assert "rejected" in said
        assert repository.head("main") == theirs

    def test_main_keeps_its_history_even_by_force(self, git, clone, change, commit, repository):
        theirs = commit({"index.html": "somebody was quicker"})
        change()

        said = git("push", "--force", "origin", "HEAD:main", folder=clone, fails=True)
        git("push", "origin", ":main", folder=clone, fails=True)

        assert "main keeps its history" in said
        assert repository.head("main") == theirs

    def test_what_somebody_tries_is_moved_but_not_deleted(self, git, host, clone, change, repository):
        change()
        git("push", "-q", "origin", "work", folder=clone)
        host.kept = {"work"}
        second = change("hours.html")
        git("push", "-q", "origin", "work", folder=clone)

        said = git("push", "origin", ":work", folder=clone, fails=True)

        assert "work holds what somebody is asked to try" in said
        assert repository.head("work") == second

    def test_a_branch_of_ones_own_may_be_rewritten(self, git, host, clone, change, repository):
        first = change()
        git("push", "-q", "origin", "work", folder=clone)
        git("commit", "-q", "--amend", "-m", "Better words", folder=clone)
        git("push", "-q", "--force", "origin", "work", folder=clone)

        assert repository.commit("work").title == "Better words"
        assert host.changes[-1].old == first

    def test_one_that_is_too_large_is_refused_in_words(self, git, host, clone, change, repository):
        host.max_bytes = 3 * MEBIBYTE
        change("big.bin", os.urandom(9 * MEBIBYTE))

        said = git("push", "origin", "work", folder=clone, fails=True)

        assert "remote: fatal: pack exceeds maximum allowed size" in said
        assert "work" not in repository.branches()

    def test_who_may_only_read_is_told_so(self, git, host, clone, change):
        host.may_write = False
        change()

        said = git("push", "origin", "work", folder=clone, fails=True)

        assert "You may read this repository, but not push to it." in said
        git("fetch", "-q", folder=clone)

    def test_broken_objects_are_refused(self, git, clone, change, repository):
        change()
        broken = "tree 0000000000000000000000000000000000000000\nauthor x <x> 0 +0000\n\nx"
        (clone / "broken").write_text(broken)
        sha = git("hash-object", "--literally", "-t", "commit", "-w", "broken", folder=clone).strip()
        (clone / ".git/refs/heads/broken").write_text(f"{sha}\n")

        git("push", "origin", "broken", folder=clone, fails=True)

        assert "broken" not in repository.branches()

    def test_hooks_run_although_an_archive_dropped_their_bit(self, git, clone, change, monkeypatch, tmp_path):
        copied = tmp_path / "hooks"
        copied.mkdir()
        for name in ("pre-receive", "post-receive"):
            (copied / name).write_text("#!/bin/sh\ncat >/dev/null\necho ran\n")
            (copied / name).chmod(0o644)
        monkeypatch.setattr("app.engine.repositories.pushes._HOOKS", copied)
        change()

        assert git("push", "origin", "work", folder=clone).count("remote: ran") == 2


def ask(repository, path_info, query="", *, body=b"", service=None, **more):
    answer = serve(
        repository,
        service=service or service_of(path_info, query) or "git-upload-pack",
        path_info=path_info,
        query=query,
        headers=more.pop("headers", {}),
        body=io.BytesIO(body) if isinstance(body, bytes) else body,
        may_write=more.pop("may_write", True),
        max_bytes=MEBIBYTE,
        **more,
    )
    return answer, b"".join(answer.chunks)


class TestServe:
    @pytest.mark.parametrize(
        "path",
        ["", "HEAD", "config", "objects/info/packs", "info/refs", "../x/info/refs", "git-upload-archive"],
    )
    def test_nothing_but_smart_http_is_there(self, repository, commit, path):
        commit({"a.txt": "a"})

        answer, _ = ask(repository, f"/{path}")

        assert answer.status == 404
        assert answer.changes() == []

    def test_the_service_decided_on_is_the_one_that_is_served(self, repository):
        answer, _ = ask(repository, "/git-receive-pack", service="git-upload-pack")

        assert answer.status == 404

    @pytest.mark.parametrize("path", ["info/refs", "git-receive-pack"])
    def test_without_the_right_to_write_nothing_starts(self, repository, path):
        answer, said = ask(repository, path, "service=git-receive-pack", may_write=False)

        assert answer.status == 403
        assert b"not push" in said

    def test_a_compressed_request_is_understood(self, repository, commit):
        sha = commit({"a.txt": "a"}).encode()
        wants = b"0032want " + sha + b"\n" + b"0000" + b"0009done\n"

        answer, said = ask(
            repository,
            "/git-upload-pack",
            body=gzip.compress(wants),
            headers={
                "Content-Type": "application/x-git-upload-pack-request",
                "Content-Encoding": "gzip",
            },
        )

        assert answer.status == 200
        assert b"PACK" in said

    def test_another_type_of_content_is_refused(self, repository):
        answer, _ = ask(repository, "/git-receive-pack", headers={"Content-Type": "text/plain"})

        assert answer.status == 415

    def test_a_body_that_breaks_off_leaves_nothing_running_and_nothing_changed(self, repository, commit):
        commit({"a.txt": "a"})

        class Breaking:
            def read(self, _):
                raise ConnectionResetError("gone")

        answer, _ = ask(
            repository,
            "/git-receive-pack",
            body=Breaking(),
            headers={"Content-Type": "application/x-git-receive-pack-request"},
        )

        assert answer.changes() == []
        assert answer.chunks._process.returncode is not None
        assert not list(repository.path.glob("push-*"))

    def test_a_client_that_leaves_ends_the_process(self, repository, ada):
        repository.commit_files("main", {"big.bin": os.urandom(4 * MEBIBYTE)}, message="x", author=ada)
        sha = repository.head("main").encode()
        answer = serve(
            repository,
            service="git-upload-pack",
            path_info="/git-upload-pack",
            query="",
            headers={"Content-Type": "application/x-git-upload-pack-request"},
            body=io.BytesIO(b"0032want " + sha + b"\n" + b"0000" + b"0009done\n"),
            may_write=False,
            max_bytes=MEBIBYTE,
        )
        next(answer.chunks)

        answer.chunks.close()

        assert answer.chunks._process.returncode is not None
        assert list(answer.chunks) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
class TestForeignOwner:
    def test_a_repository_of_another_user_is_read_and_pushed_to(self, git, host, clone, change, repository):
        for path in [repository.path, *repository.path.rglob("*")]:
            os.chown(path, 65534, 65534)
        sha = change()

        git("push", "-q", "origin", "work", folder=clone)

        assert Repository(repository.path).head("work") == sha
        assert host.changes[0].new == sha
