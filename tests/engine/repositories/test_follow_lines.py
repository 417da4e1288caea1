"""Lines are found again where a file changed around them; what was touched is gone."""

import pytest

from app.engine.repositories import Place, Repository, Signature

BOB = Signature("Bob", "bob@example.com")
BEFORE = "".join(f"line {number}\n" for number in range(1, 21))


@pytest.fixture
def repository(tmp_path) -> Repository:
    made = Repository.create(tmp_path / "one.git")
    made.commit_files("main", {"page.html": BEFORE.encode(), "other.txt": b"x"}, message="1", author=BOB)
    return made


def later(repository: Repository, **files: str | None) -> tuple[str, str]:
    """Commit new contents; `_` stands for the point of a name."""
    before = str(repository.head())
    changes = {
        name.replace("_", "."): text.encode() if text is not None else None for name, text in files.items()
    }
    return before, repository.commit_files("main", changes, message="2", author=BOB)


def edited(*changes: tuple[str, str]) -> str:
    text = BEFORE
    for old, new in changes:
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (edited(("line 2\n", "line 2\nnew\nnewer\n")), (12, 14)),
        (edited(("line 2\nline 3\n", "")), (8, 10)),
        (edited(("line 9\n", "line nine\n")), (10, 12)),
        (edited(("line 9\n", "line 9\njust above\n")), (11, 13)),
        (edited(("line 12\n", "line 12\njust below\n")), (10, 12)),
        (edited(("line 15\n", "")), (10, 12)),
        ("top\n" + BEFORE, (11, 13)),
        (edited(("line 11\n", "line eleven\n")), None),
        (edited(("line 11\n", "")), None),
        (edited(("line 11\n", "line 11\nin between\n")), None),
        (edited(("line 10\n", "line ten\n")), None),
        (BEFORE.replace("\n", "\r\n"), None),
    ],
)
def test_lines_move_with_what_is_above_them(repository, text, expected):
    since, at = later(repository, page_html=text)

    found = repository.follow_lines(Place("page.html", 10, 12), since=since, at=at)

    assert (found and (found.first, found.last)) == expected
    if found:
        lines = repository.blob(at, "page.html").decode().split("\n")
        assert lines[found.first - 1 : found.last] == ["line 10", "line 11", "line 12"]


def test_a_renamed_file_is_followed(repository):
    since, at = later(repository, page_html=None, start_html=edited(("line 1\n", "line 1\nnew\n")))

    assert repository.follow_lines(Place("page.html", 10, 10), since=since, at=at) == Place(
        "start.html", 11, 11
    )


def test_a_deleted_file_is_gone(repository):
    since, at = later(repository, page_html=None)

    assert repository.follow_lines(Place("page.html", 10, 10), since=since, at=at) is None


def test_another_file_changes_nothing(repository):
    since, at = later(repository, other_txt="y")

    assert repository.follow_lines(Place("page.html", 3, 3), since=since, at=at) == Place("page.html", 3, 3)


def test_a_file_that_became_binary_is_gone(repository):
    before = str(repository.head())
    at = repository.commit_files("main", {"page.html": b"\0\1\2" * 99}, message="2", author=BOB)

    assert repository.follow_lines(Place("page.html", 3, 3), since=before, at=at) is None
