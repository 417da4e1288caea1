"""A checkout goes along with its branch, and nothing that was done in it leads the writing elsewhere."""

import pytest

from app.core.errors import Failed
from app.engine.followed import follow
from app.engine.repositories import Repository, Signature

BOB = Signature("Bob Builder", "bob@example.com")
FILES = {"index.html": b"<h1>One</h1>", "src/main.js": b"one", "src/old.js": b"old", "run.sh": b"#!/bin/sh\n"}


@pytest.fixture
def repository(tmp_path):
    made = Repository.create(tmp_path / "shop.git")
    made.commit_files("main", FILES, message="One", author=BOB, kinds={"run.sh": "executable"})
    return made


@pytest.fixture
def folder(repository, tmp_path):
    repository.checkout("main", tmp_path / "tree")
    return tmp_path / "tree"


def save(repository, changes, **more) -> tuple[str, str]:
    old = repository.head("main")
    return old, repository.commit_files("main", changes, message="Two", author=BOB, **more)


def go_along(repository, folder, changes, **more) -> list[str]:
    old, new = save(repository, changes, **more)
    return follow(repository, folder, old=old, new=new)


def test_files_are_changed_made_and_taken_away(repository, folder):
    changed = go_along(
        repository, folder, {"index.html": b"<h1>Two</h1>", "src/old.js": None, "new/deep/a.txt": b"a"}
    )

    assert changed == ["index.html", "new/deep/a.txt", "src/old.js"]
    assert (folder / "index.html").read_bytes() == b"<h1>Two</h1>"
    assert (folder / "new/deep/a.txt").read_bytes() == b"a"
    assert not (folder / "src/old.js").exists()
    assert sorted(each.name for each in folder.iterdir()) == ["index.html", "new", "run.sh", "src"]


def test_a_folder_that_is_empty_goes_and_what_was_made_there_stays(repository, folder):
    (folder / "src/node_modules").mkdir()

    go_along(repository, folder, {"src/main.js": None, "src/old.js": None})

    assert [each.name for each in (folder / "src").iterdir()] == ["node_modules"]


def test_a_program_stays_one(repository, folder):
    go_along(repository, folder, {"run.sh": b"#!/bin/sh\nexit 1\n"})

    assert (folder / "run.sh").stat().st_mode & 0o777 == 0o755


def test_a_file_takes_the_place_of_a_folder_and_the_other_way_round(repository, folder):
    go_along(repository, folder, {"src/main.js": None, "src/old.js": None, "src": b"a file"})
    assert (folder / "src").read_bytes() == b"a file"

    go_along(repository, folder, {"src": None, "src/main.js": b"again"})
    assert (folder / "src/main.js").read_bytes() == b"again"


def test_nothing_is_written_through_a_link(repository, folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "passwords").write_bytes(b"kept")
    (folder / "new").symlink_to(elsewhere)
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(elsewhere / "passwords")

    go_along(repository, folder, {"index.html": b"mine", "new/passwords": b"mine"})

    assert (elsewhere / "passwords").read_bytes() == b"kept"
    assert (folder / "index.html").read_bytes() == (folder / "new/passwords").read_bytes() == b"mine"
    assert not (folder / "new").is_symlink()


def test_nothing_is_taken_away_through_a_link(repository, folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "main.js").write_bytes(b"kept")
    for name in ("main.js", "old.js"):
        (folder / "src" / name).unlink()
    (folder / "src").rmdir()
    (folder / "src").symlink_to(elsewhere)

    go_along(repository, folder, {"src/main.js": None})

    assert (elsewhere / "main.js").read_bytes() == b"kept"


def test_a_new_link_has_to_be_laid_out_anew(repository, folder):
    with pytest.raises(Failed, match="laid out anew"):
        go_along(repository, folder, {"home": b"index.html"}, kinds={"home": "link"})


def test_a_branch_that_went_back_is_followed_as_well(repository, folder):
    old, new = save(repository, {"index.html": b"<h1>Two</h1>"})
    follow(repository, folder, old=old, new=new)

    follow(repository, folder, old=new, new=old)

    assert (folder / "index.html").read_bytes() == b"<h1>One</h1>"
