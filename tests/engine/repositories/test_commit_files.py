import os
import time
from concurrent.futures import ThreadPoolExecutor

import pygit2
import pytest

from app.core.errors import Conflict, Invalid, NotFound
from app.engine.repositories import Repository, Signature


class TestCommitFiles:
    def test_the_first_commit_makes_the_branch(self, repository, commit, fsck):
        sha = commit({"index.html": "<h1>Hi</h1>", "css/site.css": "a{}"})

        assert repository.branches() == {"main": sha}
        assert repository.files("main") == ["css/site.css", "index.html"]
        assert repository.commit(sha).parents == ()
        fsck(repository)

    def test_changes_adds_and_deletes_in_one_commit(self, repository, commit, fsck):
        first = commit({"a.txt": "a", "deep/er/b.txt": "b", "c.txt": "c"})

        second = commit(
            {"a.txt": "A", "deep/er/b.txt": None, "new/d.txt": "d", "never.txt": None}, parent=first
        )

        assert repository.files("main") == ["a.txt", "c.txt", "new/d.txt"]
        assert repository.commit(second).parents == (first,)
        fsck(repository)

    def test_a_file_stays_executable(self, repository, commit):
        commit({"run.sh": "one", "a.txt": "a"}, kinds={"run.sh": "executable"})

        commit({"run.sh": "two"})

        assert {entry.name: entry.executable for entry in repository.tree("main")} == {
            "run.sh": True,
            "a.txt": False,
        }

    def test_without_a_difference_there_is_no_commit(self, repository, commit):
        first = commit({"a.txt": "a"})

        assert commit({"a.txt": "a", "gone.txt": None}) == first
        assert len(repository.log("main")) == 1

    def test_a_folder_may_become_a_file_when_it_is_emptied(self, repository, commit, fsck):
        commit({"a/b.txt": "b"})

        commit({"a/b.txt": None, "a": "now a file"})

        assert repository.files("main") == ["a"]
        fsck(repository)

    @pytest.mark.parametrize("changes", [{"a": "x"}, {"f/x": "x"}, {"new": "x", "new/y": "x"}])
    def test_a_file_and_a_folder_cannot_share_a_name(self, commit, changes):
        commit({"a/b.txt": "b", "f": "f"})

        with pytest.raises(Invalid):
            commit(changes)

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/etc/passwd",
            "../x",
            "a/../x",
            "a//b",
            "a/",
            "./a",
            ".git/config",
            "a/.GIT/hooks/x",
            "git~1/x",
            ".git./x",
            ".g\u200cit/x",
            ".git::$INDEX_ALLOCATION/x",
            "a\0b",
            "a\nb",
            "a\\b",
            "x" * 256,
            "\udcff",
        ],
    )
    def test_a_path_that_reaches_elsewhere_is_refused(self, repository, commit, path):
        with pytest.raises(Invalid):
            commit({path: "x"})

        assert repository.branches() == {}

    @pytest.mark.parametrize("path", [".gitignore", ".github/x.yml", "a b/ü.txt", "...", "git/x", "~x"])
    def test_an_unusual_path_is_fine(self, repository, commit, path):
        commit({path: "x"})

        assert repository.files("main") == [path]
        assert repository.blob("main", path) == b"x"

    def test_a_moved_tip_is_a_conflict_and_changes_nothing(self, repository, commit):
        first = commit({"a.txt": "a"})
        bobs = commit({"a.txt": "bob"})

        with pytest.raises(Conflict) as caught:
            commit({"a.txt": "ada"}, parent=first)

        assert caught.value.code == "branch_moved"
        assert repository.head("main") == bobs

    def test_of_many_at_once_each_is_either_kept_or_refused(self, repository, commit, ada, fsck):
        base = commit({"base.txt": "x"})

        def attempt(number):
            try:
                changes = {f"{number}.txt": b"x"}
                return Repository(repository.path).commit_files(
                    "main", changes, message="x", author=ada, parent=base
                )
            except Conflict:
                return None

        with ThreadPoolExecutor(8) as pool:
            kept = [sha for sha in pool.map(attempt, range(24)) if sha]

        assert len(kept) == 1
        assert repository.head("main") == kept[0]
        fsck(repository)

    def test_a_branch_that_does_not_exist_is_not_found_once_there_are_others(self, commit):
        commit({"a.txt": "a"})

        with pytest.raises(NotFound):
            commit({"a.txt": "b"}, branch="elsewhere")

    @pytest.mark.parametrize(
        ("name", "email"), [("", ""), ("<>", "<\n>"), ("Ada\n\0Lovelace", "a b@x"), ("...", " ")]
    )
    def test_whoever_signs_the_commit_is_written(self, repository, name, email, fsck):
        repository.commit_files("main", {"a": b"a"}, message="", author=Signature(name, email))

        assert repository.commit("main").author
        assert repository.commit("main").title == "Change"
        fsck(repository)


class TestStaleLock:
    def test_a_lock_left_by_a_killed_process_is_dropped(self, repository, commit):
        commit({"a.txt": "a"})
        lock = repository.path / "refs/heads/main.lock"
        lock.touch()
        os.utime(lock, (time.time() - 3600,) * 2)

        sha = commit({"a.txt": "b"})

        assert repository.head("main") == sha
        assert not lock.exists()

    def test_a_fresh_lock_is_respected(self, repository, commit, monkeypatch):
        sha = commit({"a.txt": "a"})
        lock = repository.path / "refs/heads/main.lock"
        lock.touch()
        monkeypatch.setattr("app.engine.repositories.refs._PAUSE", 0)

        with pytest.raises(Conflict) as caught:
            commit({"a.txt": "b"})

        assert caught.value.code == "branch_busy"
        assert repository.head("main") == sha
        assert lock.exists()


class TestCommitFolder:
    def test_takes_what_is_there_but_not_what_is_ignored(self, repository, commit, ada, tmp_path, fsck):
        commit({"a.txt": "a", "gone.txt": "x", ".gitignore": "node_modules/\n"})
        folder = tmp_path / "work"
        repository.checkout("main", folder)
        (folder / "gone.txt").unlink()
        (folder / "a.txt").write_text("b")
        (folder / "node_modules").mkdir()
        (folder / "node_modules" / "x.js").write_text("x")
        (folder / "run.sh").write_text("x")
        (folder / "run.sh").chmod(0o755)
        (folder / "link").symlink_to("a.txt")

        repository.commit_folder("main", folder, message="Work", author=ada)

        kinds = {entry.name: (entry.kind, entry.executable) for entry in repository.tree("main")}
        assert kinds == {
            ".gitignore": ("file", False),
            "a.txt": ("file", False),
            "run.sh": ("file", True),
            "link": ("link", False),
        }
        assert repository.blob("main", "a.txt") == b"b"
        fsck(repository)

    def test_a_repository_inside_the_folder_cannot_run_anything(self, repository, ada, tmp_path):
        folder = tmp_path / "work"
        pygit2.init_repository(str(folder))
        mark = tmp_path / "mark"
        (folder / ".git" / "config").write_text(f'[core]\n\tfsmonitor = "touch {mark}"\n')
        (folder / ".gitattributes").write_text("* filter=evil\n")
        (folder / "a.txt").write_text("a")

        repository.commit_folder("main", folder, message="Work", author=ada)

        assert repository.files("main") == [".gitattributes", "a.txt"]
        assert not mark.exists()


class TestBranches:
    def test_begins_and_deletes_a_branch(self, repository, commit):
        sha = commit({"a.txt": "a"})

        repository.create_branch("requests/7-new-title", at="main")
        assert repository.head("requests/7-new-title") == sha
        repository.delete_branch("requests/7-new-title")
        repository.delete_branch("requests/7-new-title")

        assert repository.branches() == {"main": sha}

    def test_a_taken_name_is_a_conflict(self, repository, commit):
        commit({"a.txt": "a"})
        repository.create_branch("work", at="main")

        for name in ("work", "work/deeper", "main"):
            with pytest.raises(Conflict):
                repository.create_branch(name, at="main")

    def test_a_packed_name_is_taken_too(self, repository, commit):
        commit({"a.txt": "a"})
        repository.create_branch("work", at="main")
        repository.tidy()

        for name in ("work", "work/deeper"):
            with pytest.raises(Conflict):
                repository.create_branch(name, at="main")

    @pytest.mark.parametrize(
        "name", ["", "-x", "a..b", "a b", "x.lock", "HEAD", "a\0b", "\udcff", "/a", "a//b", "@{x"]
    )
    def test_a_name_git_would_not_take_is_refused(self, repository, commit, name):
        commit({"a.txt": "a"})

        with pytest.raises(Invalid):
            repository.create_branch(name, at="main")

    def test_the_default_branch_stays(self, repository, commit):
        sha = commit({"a.txt": "a"})

        with pytest.raises(Conflict):
            repository.delete_branch("main")
        assert repository.head("main") == sha

    def test_a_branch_is_moved_only_from_where_it_was_seen(self, repository, commit):
        first = commit({"a.txt": "a"})
        second = commit({"a.txt": "b"})

        repository.move_branch("main", old=second, new=first)
        with pytest.raises(Conflict):
            repository.move_branch("main", old=second, new=first)

        assert repository.head("main") == first


class TestTidy:
    def test_everything_is_still_there_in_fewer_files(self, repository, commit, fsck):
        for number in range(5):
            commit({f"{number}.txt": str(number)})
        leftovers = [repository.path / "objects" / "tmp_objdir-incoming-x", repository.path / "push-x"]
        for leftover in leftovers:
            leftover.mkdir()
            os.utime(leftover, (0, 0))

        repository.tidy()

        again = Repository(repository.path)
        assert again.files("main") == [f"{number}.txt" for number in range(5)]
        assert len(again.log("main")) == 5
        assert not any(leftover.exists() for leftover in leftovers)
        assert again.size() > 0
        fsck(again)
