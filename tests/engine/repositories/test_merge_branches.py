import pytest

from app.core.errors import Conflict, NotFound
from app.engine.repositories import commits


@pytest.fixture
def work(repository, commit):
    """Branch off from a first commit, and commit there."""
    commit({"a.txt": "one\ntwo\nthree\n", "b.txt": "b\n" * 20})
    repository.create_branch("work", at="main")

    def work(files):
        return commit(files, branch="work")

    return work


class TestCheckMerge:
    def test_a_branch_that_fits_is_clean_and_nothing_moves(self, repository, commit, work):
        head = work({"new.txt": "n"})
        base = commit({"b.txt": "changed\n"})

        check = repository.check_merge("main", head)

        assert (check.clean, check.conflicts, check.already, check.base_sha) == (True, [], False, base)
        assert repository.head("main") == base

    def test_names_every_file_that_stands_in_the_way(self, repository, commit, work):
        head = work({"a.txt": "ada\n", "b.txt": None, "new.txt": "ada\n"})
        commit({"a.txt": "bob\n", "b.txt": "bob\n", "new.txt": "bob\n"})

        check = repository.check_merge("main", head)

        assert not check.clean
        assert check.conflicts == ["a.txt", "b.txt", "new.txt"]

    def test_says_when_it_is_merged_already(self, repository, commit):
        commit({"a.txt": "a"})
        old = repository.head("main")
        commit({"c.txt": "c"})

        assert repository.check_merge("main", old).already


class TestMerge:
    def test_makes_a_commit_with_two_parents_even_when_it_could_just_move_on(
        self, repository, work, ada, fsck
    ):
        base = repository.head("main")
        head = work({"new.txt": "n"})

        merged = repository.merge("main", head, message="Merge work", author=ada)

        assert repository.head("main") == merged
        assert repository.commit(merged).parents == (base, head)
        assert repository.files("main") == ["a.txt", "b.txt", "new.txt"]
        fsck(repository)

    def test_joins_both_sides_through_a_rename(self, repository, commit, work, ada, fsck):
        head = work({"b.txt": None, "renamed.txt": "b\n" * 20})
        commit({"b.txt": "b\n" * 20 + "more\n"})

        repository.merge("main", head, message="Merge", author=ada)

        assert repository.files("main") == ["a.txt", "renamed.txt"]
        assert repository.blob("main", "renamed.txt").endswith(b"more\n")
        fsck(repository)

    def test_a_conflict_names_the_files_and_moves_nothing(self, repository, commit, work, ada):
        head = work({"a.txt": "ada\n"})
        base = commit({"a.txt": "bob\n"})

        with pytest.raises(Conflict, match=r"a\.txt") as caught:
            repository.merge("main", head, message="Merge", author=ada)

        assert caught.value.code == "merge_conflict"
        assert repository.head("main") == base

    def test_merging_again_changes_nothing(self, repository, work, ada):
        head = work({"new.txt": "n"})
        merged = repository.merge("main", head, message="Merge", author=ada)

        assert repository.merge("main", head, message="Merge", author=ada) == merged
        assert repository.head("main") == merged

    def test_a_base_that_moves_meanwhile_is_a_conflict(self, repository, commit, work, ada, monkeypatch):
        head = work({"new.txt": "n"})
        write = "app.engine.repositories.merges.commits.write"
        real = commits.write

        def late(*arguments, **more):
            monkeypatch.setattr(write, real)
            commit({"c.txt": "bob was quicker"})
            return real(*arguments, **more)

        monkeypatch.setattr(write, late)
        with pytest.raises(Conflict) as caught:
            repository.merge("main", head, message="Merge", author=ada)

        assert caught.value.code == "branch_moved"
        assert repository.files("main") == ["a.txt", "b.txt", "c.txt"]

    def test_an_empty_project_begins_with_what_is_merged(self, repository, commit, ada):
        head = commit({"a.txt": "a"}, branch="work")

        assert repository.check_merge("main", head).clean
        assert repository.merge("main", head, message="Merge", author=ada) == head
        assert repository.head("main") == head

    @pytest.mark.usefixtures("work")
    def test_what_does_not_exist_cannot_be_merged(self, repository, ada):
        with pytest.raises(NotFound):
            repository.merge("main", "0" * 40, message="Merge", author=ada)
