import stat

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygit2.enums import FileMode

from app.core.errors import Failed
from app.engine.repositories.links import escapes


@pytest.fixture
def raw_commit(repository):
    """Commit entries as git stores them, also such that no honest client would make: (name, content, mode)."""

    def raw_commit(entries):
        raw = pygit2.Repository(str(repository.path))
        pygit2.settings.enable_strict_object_creation(False)
        data = b""
        for name, content, mode in sorted(entries):
            oid = (
                pygit2.Oid(hex=content)
                if mode in {FileMode.COMMIT, FileMode.TREE}
                else raw.create_blob(content)
            )
            data += b"%o %s\0" % (mode, name) + oid.raw
        tree = raw.write(pygit2.enums.ObjectType.TREE, data)
        author = pygit2.Signature("Eve", "eve@example.org")
        sha = raw.create_commit("refs/heads/main", author, author, "x", tree, [])
        pygit2.settings.enable_strict_object_creation(True)
        return str(sha)

    return raw_commit


class TestCheckout:
    def test_writes_plain_files_and_keeps_the_executable_bit(self, repository, commit, tmp_path):
        sha = commit({"a.txt": "a", "bin/run": "x", "deep/er/b.txt": ""}, kinds={"bin/run": "executable"})

        done = repository.checkout(sha, tmp_path / "new" / "folder")

        folder = tmp_path / "new" / "folder"
        assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == {
            "a.txt",
            "bin/run",
            "deep/er/b.txt",
        }
        assert (folder / "bin/run").stat().st_mode & stat.S_IXUSR
        assert not (folder / "a.txt").stat().st_mode & stat.S_IXUSR
        assert (done.files, done.bytes, done.skipped) == (3, 2, [])

    def test_a_large_file_arrives_whole(self, repository, ada, tmp_path):
        content = bytes(range(256)) * 40_000
        repository.commit_files("main", {"big.bin": content}, message="x", author=ada)

        repository.checkout("main", tmp_path / "out")

        assert (tmp_path / "out/big.bin").read_bytes() == content

    def test_links_that_stay_inside_are_kept_and_others_named(self, repository, raw_commit, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("secret")
        sha = raw_commit(
            [
                (b"a.txt", b"a", FileMode.BLOB),
                (b"inside", b"a.txt", FileMode.LINK),
                (b"absolute", str(secret).encode(), FileMode.LINK),
                (b"above", b"../secret", FileMode.LINK),
                (b"loop", b"loop", FileMode.LINK),
                (b"through", b"inside/../../secret", FileMode.LINK),
                (b"dangling", b"nothing/here", FileMode.LINK),
            ]
        )

        done = repository.checkout(sha, tmp_path / "out")

        assert {skipped.path for skipped in done.skipped} == {"absolute", "above", "loop", "through"}
        assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.txt", "inside", "dangling"}
        assert (tmp_path / "out/inside").read_text() == "a"

    def test_names_that_reach_out_and_submodules_are_left_out(self, repository, raw_commit, tmp_path):
        sha = raw_commit(
            [
                (b"..", b"x", FileMode.BLOB),
                (b".git", b"x", FileMode.BLOB),
                (b".GIT", b"x", FileMode.BLOB),
                (b"git~1", b"x", FileMode.BLOB),
                (b"a" * 300, b"x", FileMode.BLOB),
                (b"caf\xe9", b"x", FileMode.BLOB),
                (b"module", "1" * 40, FileMode.COMMIT),
            ]
        )

        done = repository.checkout(sha, tmp_path / "out")

        assert len(done.skipped) == 6
        assert {bytes(path.name, "utf-8", "surrogateescape") for path in (tmp_path / "out").iterdir()} == {
            b"caf\xe9"
        }

    def test_a_name_that_holds_a_slash_cannot_write_elsewhere(self, repository, raw_commit, tmp_path):
        try:
            sha = raw_commit([(b"../../escaped", b"x", FileMode.BLOB)])
            repository.checkout(sha, tmp_path / "deep" / "out")
        except (pygit2.GitError, Failed):
            pass

        assert not list(tmp_path.rglob("escaped"))

    @pytest.mark.parametrize(
        ("limits", "code"), [({"max_files": 2}, "too_many_files"), ({"max_bytes": 5}, "too_many_bytes")]
    )
    def test_past_the_limits_it_fails_and_nothing_is_left(self, repository, commit, tmp_path, limits, code):
        commit({"a/1.txt": "xx", "a/2.txt": "xx", "3.txt": "xx"})

        with pytest.raises(Failed) as caught:
            repository.checkout("main", tmp_path / "out", **limits)

        assert caught.value.code == code
        assert list((tmp_path / "out").iterdir()) == []

    def test_a_folder_with_something_in_it_is_left_alone(self, repository, commit, tmp_path):
        commit({"a.txt": "a"})
        (tmp_path / "out").mkdir()
        (tmp_path / "out/mine.txt").write_text("mine")

        with pytest.raises(Failed):
            repository.checkout("main", tmp_path / "out")

        assert (tmp_path / "out/mine.txt").read_text() == "mine"


class TestEscapingLinks:
    def test_a_chain_that_seems_inside_and_is_not_is_found(self):
        links = {b"a/b/up": b"../..", b"out": b"a/b/up/../secret"}

        assert escapes(links) == {b"out"}

    parts = st.sampled_from([b"a", b"b", b"c", b"..", b"."])
    paths = st.lists(st.sampled_from([b"a", b"b", b"c"]), min_size=1, max_size=3).map(b"/".join)
    targets = st.lists(parts, min_size=1, max_size=5).map(b"/".join)

    @given(st.dictionaries(paths, targets, max_size=5))
    def test_agrees_with_the_file_system(self, tmp_path_factory, links):
        root = (tmp_path_factory.mktemp("tree") / "1" / "2" / "3" / "4" / "5" / "6").resolve()
        root.mkdir(parents=True)
        kept = [path for path in links if not any(path.startswith(other + b"/") for other in links)]
        links = {path: links[path] for path in kept}
        for path in links.keys() - escapes(links):
            place = root / path.decode()
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(links[path].decode())

        for place in root.rglob("*"):
            assert place.resolve().is_relative_to(root)
