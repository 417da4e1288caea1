"""Reading a repository of ten thousand files, beside libgit2 called directly."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pygit2

from app.engine.repositories import Repository, Signature
from tests.benchmarks.measures.figure import Figure, spoken
from tests.support.installation import Installation

FOLDERS, FILES = 100, 100
ROUNDS = 300


def list_folder(here: Installation) -> Figure:
    """Compare listing a folder, with the size of each file, to libgit2."""
    return _compare("list a folder of a repository of 10,000 files", _ours_list, _bare_list)


def read_blob(here: Installation) -> Figure:
    """Compare reading a file to libgit2."""
    return _compare("read a blob of a repository of 10,000 files", _ours_blob, _bare_blob)


def _ours_list(path: Path, number: int) -> object:
    return Repository(path).tree("main", f"folder-{number % FOLDERS}")


def _bare_list(path: Path, number: int) -> object:
    repository = pygit2.Repository(str(path))
    tree = repository.references["refs/heads/main"].peel(pygit2.Tree)[f"folder-{number % FOLDERS}"]
    assert isinstance(tree, pygit2.Tree)
    return [(each.name, each.filemode, each.size) for each in tree if isinstance(each, pygit2.Blob)]


def _ours_blob(path: Path, number: int) -> object:
    return Repository(path).blob("main", f"folder-{number % FOLDERS}/file-{number % FILES}.txt")


def _bare_blob(path: Path, number: int) -> object:
    repository = pygit2.Repository(str(path))
    tree = repository.references["refs/heads/main"].peel(pygit2.Tree)
    found = tree[f"folder-{number % FOLDERS}/file-{number % FILES}.txt"]
    assert isinstance(found, pygit2.Blob)
    return found.data


def _compare(name: str, ours: Callable[[Path, int], object], bare: Callable[[Path, int], object]) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.git")
        files: dict[str, bytes | None] = {
            f"folder-{folder}/file-{file}.txt": f"{folder} {file}\n".encode() * 40
            for folder in range(FOLDERS)
            for file in range(FILES)
        }
        author = Signature("Ada", "ada@example.org")
        Repository.create(path).commit_files("main", files, message="Ten thousand", author=author)
        taken: dict[bool, list[float]] = {True: [], False: []}
        for number in range(ROUNDS):
            for is_ours, read in ((True, ours), (False, bare)):
                begin = time.perf_counter()
                read(path, number)
                taken[is_ours].append(time.perf_counter() - begin)
    our, their = median(taken[True]), median(taken[False])
    return Figure(
        name,
        spoken(our),
        f"{spoken(their)}: libgit2 called directly, opening included",
        f"{our / their:.2f}",
        "≤ 2 times",
        our / their <= 2,
    )
