from datetime import UTC, datetime, timedelta

import pygit2
import pytest

from app.core.errors import Conflict, Invalid, NotFound, TooLarge
from app.engine.repositories import Repository


class TestCreate:
    def test_an_empty_repository_has_no_branch_and_a_default_one_to_come(self, tmp_path):
        repository = Repository.create(tmp_path / "new.git", default_branch="trunk")

        assert repository.branches() == {}
        assert repository.head("trunk") is None
        assert repository.default_branch == "trunk"

    def test_refuses_a_place_that_is_taken_and_leaves_nothing_beside_it(self, repository):
        with pytest.raises(Conflict):
            Repository.create(repository.path)

        assert [path.name for path in repository.path.parent.iterdir()] == ["shop.git"]

    def test_a_folder_without_a_repository_is_not_found(self, tmp_path):
        with pytest.raises(NotFound):
            Repository(tmp_path)


class TestRead:
    def test_lists_a_folder_with_folders_first(self, repository, commit):
        commit({"b.txt": "12345", "A.txt": "", "docs/one.md": "#"})

        listed = repository.tree("main")

        assert [(entry.name, entry.kind, entry.size) for entry in listed] == [
            ("docs", "folder", 0),
            ("A.txt", "file", 0),
            ("b.txt", "file", 5),
        ]
        assert [entry.path for entry in repository.tree("main", "docs/")] == ["docs/one.md"]

    def test_reads_a_file_at_an_older_commit(self, repository, commit):
        first = commit({"a.txt": "old"})
        commit({"a.txt": "new"})

        assert repository.blob(first, "a.txt") == b"old"
        assert repository.blob("main", "a.txt") == b"new"
        assert repository.files(first) == ["a.txt"]

    @pytest.mark.parametrize("path", ["missing", "docs", "", "/a.txt", "a.txt/x", "\0", "../a.txt", "\udcff"])
    def test_a_path_without_a_file_is_not_found(self, repository, commit, path):
        commit({"a.txt": "x", "docs/one.md": "#"})

        with pytest.raises(NotFound):
            repository.blob("main", path)

    @pytest.mark.parametrize("folder", ["missing", "a.txt", "..", "\0"])
    def test_a_path_without_a_folder_is_not_found(self, repository, commit, folder):
        commit({"a.txt": "x"})

        with pytest.raises(NotFound):
            repository.tree("main", folder)

    def test_a_file_past_the_limit_is_refused(self, repository, commit):
        commit({"a.txt": "x" * 11})

        with pytest.raises(TooLarge):
            repository.blob("main", "a.txt", max_bytes=10)
        assert len(repository.blob("main", "a.txt", max_bytes=11)) == 11

    def test_resolves_branches_tags_and_shas(self, repository, commit):
        sha = commit({"a.txt": "x"})
        raw = pygit2.Repository(str(repository.path))
        raw.create_tag("v1", raw[sha].id, pygit2.enums.ObjectType.COMMIT, raw[sha].author, "one")

        for name in ("main", "refs/heads/main", "v1", "HEAD", sha, sha[:8]):
            assert repository.resolve(name) == sha

    @pytest.mark.parametrize(
        "name", ["", "nope", "main~1", "@", ":/x", "0" * 40, "abcdef12", "a\0b", "\udcff", "-x"]
    )
    def test_what_names_nothing_is_not_found(self, repository, commit, name):
        commit({"a.txt": "x"})

        with pytest.raises(NotFound):
            repository.resolve(name)

    def test_a_tree_is_no_commit(self, repository, commit):
        commit({"a.txt": "x"})
        tree = pygit2.Repository(str(repository.path)).revparse_single("main^{tree}").id

        with pytest.raises(NotFound):
            repository.resolve(str(tree))

    def test_names_that_are_no_utf8_are_listed_and_do_no_harm(self, repository, commit):
        commit({"a.txt": "x"})
        raw = pygit2.Repository(str(repository.path))
        blob = raw.create_blob(b"x")
        tree = raw.write(pygit2.enums.ObjectType.TREE, b"100644 caf\xe9.txt\0" + blob.raw)
        author = pygit2.Signature("Ada", "ada@example.org")
        raw.create_commit("refs/heads/odd", author, author, b"caf\xe9", tree, [])

        assert repository.files("odd") == ["caf\ufffd.txt"]
        assert repository.commit("odd").title == "caf\ufffd"

    def test_a_tree_that_unfolds_without_end_is_refused(self, repository):
        raw = pygit2.Repository(str(repository.path))
        tree = raw.TreeBuilder().write()
        for _ in range(12):
            builder = raw.TreeBuilder()
            for name in range(10):
                builder.insert(str(name), tree, pygit2.enums.FileMode.TREE)
            tree = builder.write()
        author = pygit2.Signature("Eve", "eve@example.org")
        raw.create_commit("refs/heads/main", author, author, "bomb", tree, [])

        with pytest.raises(Invalid):
            repository.files("main")


class TestLog:
    def test_lists_the_newest_first_up_to_a_limit(self, repository, commit):
        shas = [commit({"a.txt": str(number)}, message=f"Change {number}\n\nBody") for number in range(3)]

        listed = repository.log("main", limit=2)

        assert [entry.sha for entry in listed] == shas[:0:-1]
        assert (listed[0].title, listed[0].author, listed[0].email) == ("Change 2", "Ada", "ada@example.org")
        assert listed[0].parents == (shas[1],)

    def test_leaves_out_what_another_branch_has(self, repository, commit):
        commit({"a.txt": "x"})
        repository.create_branch("work", at="main")
        mine = commit({"b.txt": "x"}, branch="work")

        assert [entry.sha for entry in repository.log("work", since="main")] == [mine]
        assert repository.log("main", since="work") == []

    def test_leaves_out_what_is_older_than_a_moment(self, repository, commit):
        commit({"a.txt": "x"})

        assert repository.log("main", since=datetime.now(UTC) + timedelta(days=1)) == []
        assert len(repository.log("main", since=datetime.now(UTC) - timedelta(days=1))) == 1

    def test_says_whether_a_commit_is_part_of_a_branch(self, repository, commit):
        commit({"a.txt": "x"})
        repository.create_branch("work", at="main")
        mine = commit({"b.txt": "x"}, branch="work")

        assert repository.has("work", mine)
        assert repository.has("work", repository.resolve("main"))
        assert not repository.has("main", mine)
