import pygit2
import pytest

from app.core.errors import NotFound
from app.engine.repositories import DiffLimits


@pytest.fixture
def work(repository, commit):
    """Branch off from a first commit, and commit there."""
    commit({"a.txt": "one\ntwo\nthree\n", "old.txt": "kept\n" * 20, "gone.txt": "x\n"})
    repository.create_branch("work", at="main")

    def work(files, **more):
        return commit(files, branch="work", **more)

    return work


class TestDiff:
    def test_shows_lines_with_their_numbers(self, repository, work):
        work({"a.txt": "one\n2\nthree\nfour\n"})

        diff = repository.diff("main", "work")

        (file,) = diff.files
        (hunk,) = file.hunks
        assert (diff.additions, diff.deletions, diff.truncated) == (2, 1, False)
        assert hunk.header == "@@ -1,3 +1,4 @@"
        assert [(line.kind, line.old, line.new, line.text) for line in hunk.lines] == [
            (" ", 1, 1, "one"),
            ("-", 2, None, "two"),
            ("+", None, 2, "2"),
            (" ", 3, 3, "three"),
            ("+", None, 4, "four"),
        ]

    def test_names_what_was_added_deleted_and_renamed(self, repository, work):
        work({"gone.txt": None, "old.txt": None, "moved.txt": "kept\n" * 20 + "more\n", "new.txt": "n\n"})

        files = {file.path: (file.status, file.old_path) for file in repository.diff("main", "work").files}

        assert files == {
            "gone.txt": ("deleted", "gone.txt"),
            "moved.txt": ("renamed", "old.txt"),
            "new.txt": ("added", "new.txt"),
        }

    def test_leaves_out_what_happened_on_the_base_meanwhile(self, repository, commit, work):
        work({"mine.txt": "m\n"})
        commit({"theirs.txt": "t\n"})

        assert [file.path for file in repository.diff("main", "work").files] == ["mine.txt"]

    @pytest.mark.usefixtures("work")
    def test_a_branch_without_changes_has_an_empty_diff(self, repository):
        diff = repository.diff("main", "work")

        assert (diff.files, diff.additions, diff.truncated) == ([], 0, False)

    @pytest.mark.usefixtures("work")
    def test_everything_is_new_compared_with_nothing(self, repository):
        diff = repository.diff(None, "main")

        assert {file.status for file in diff.files} == {"added"}
        assert (diff.additions, diff.deletions) == (24, 0)

    @pytest.mark.usefixtures("work")
    def test_histories_without_a_common_beginning_are_compared_as_they_are(self, repository):
        raw = pygit2.Repository(str(repository.path))
        author = pygit2.Signature("Bob", "bob@example.org")
        builder = raw.TreeBuilder()
        builder.insert("b.txt", raw.create_blob(b"b\n"), pygit2.enums.FileMode.BLOB)
        raw.create_commit("refs/heads/other", author, author, "x", builder.write(), [])

        assert {file.path for file in repository.diff("main", "other").files} == {
            "a.txt",
            "old.txt",
            "gone.txt",
            "b.txt",
        }

    @pytest.mark.usefixtures("work")
    def test_binary_files_have_no_lines(self, repository, ada):
        repository.commit_files("work", {"p.png": b"\x89PNG\0\1"}, message="x", author=ada)

        (file,) = repository.diff("main", "work").files
        assert (file.binary, file.hunks, file.truncated) == (True, [], False)

    @pytest.mark.usefixtures("work")
    def test_text_that_is_no_utf8_is_shown_with_marks(self, repository, ada):
        repository.commit_files("work", {"l.txt": b"caf\xe9\r\n"}, message="x", author=ada)

        (file,) = repository.diff("main", "work").files
        assert file.hunks[0].lines[0].text == "caf\ufffd"

    def test_says_where_the_last_newline_is_missing(self, repository, work):
        work({"a.txt": "one\ntwo\nthree"})

        (file,) = repository.diff("main", "work").files
        assert [(line.kind, line.bare) for line in file.hunks[0].lines[-2:]] == [("-", False), ("+", True)]

    @pytest.mark.parametrize(
        ("limits", "shown"),
        [
            (DiffLimits(files=1), 30),
            (DiffLimits(lines=45), 45),
            (DiffLimits(file_lines=10), 20),
            (DiffLimits(file_bytes=20), 0),
        ],
    )
    def test_what_is_too_much_is_cut_and_says_so(self, repository, work, limits, shown):
        work({f"{name}.txt": "line\n" * 30 for name in ("x", "y")})

        diff = repository.diff("main", "work", limits=limits)

        assert diff.truncated
        assert sum(len(hunk.lines) for file in diff.files for hunk in file.hunks) == shown

    def test_an_endless_line_is_cut(self, repository, work):
        work({"min.js": "x" * 100_000})

        diff = repository.diff("main", "work")

        assert diff.truncated
        assert len(diff.files[0].hunks[0].lines[0].text) == 2001

    @pytest.mark.usefixtures("work")
    def test_an_unknown_branch_is_not_found(self, repository):
        with pytest.raises(NotFound):
            repository.diff("main", "nowhere")
