"""Plain files from the object store: no .git, and nothing that reaches out of the folder."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from app.core.errors import Failed
from app.engine.repositories import git, paths, trees
from app.engine.repositories.links import escapes

_STREAMED_BYTES = 4 * 1024 * 1024
_MEBIBYTE = 1024 * 1024
_REACHING = {b"", b".", b".."}
_LONGEST_NAME = 255
_LONGEST_PATH = 2048


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not laid out, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class Checkout:
    """What was laid out."""

    files: int = 0
    bytes: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def lay_out(
    repository: pygit2.Repository, tree: pygit2.Tree, into: Path, *, max_files: int, max_bytes: int
) -> Checkout:
    """Write the files of a tree into a new or empty folder; when it fails, the folder is empty again."""
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise Failed("folder_not_empty", f"{into.name} is not empty, so nothing was laid out in it.")
    try:
        return _lay_out(repository, tree, into, max_files, max_bytes)
    except OSError as error:
        _empty(into)
        raise Failed(
            "disk_failed",
            f"Writing the files failed: {error.strerror}.",
            "Free space on this machine's disk and try again.",
        ) from error
    except BaseException:
        _empty(into)
        raise


def _lay_out(
    repository: pygit2.Repository, tree: pygit2.Tree, into: Path, max_files: int, max_bytes: int
) -> Checkout:
    done = Checkout()
    links: dict[bytes, bytes] = {}
    folders = _Folders(into)
    for path, item in trees.walk(tree, most=2 * max_files + 1000):
        kind = trees.kind_of(item)
        reason = _fault(path, kind)
        if reason:
            done.skipped.append(Skipped(trees.shown(path), reason))
            continue
        size = trees.size_of(repository, item.id)
        done.files += 1
        done.bytes += size
        _refuse_excess(done, max_files, max_bytes)
        if kind == "link":
            links[path] = repository[item.id].read_raw()
        else:
            _write(repository, item, size, folders.place(path))
    # Links come last, so that no file is ever written through one.
    escaping = escapes(links)
    for path, target in links.items():
        if path in escaping:
            done.files -= 1
            done.skipped.append(Skipped(trees.shown(path), "the link leaves the project"))
        else:
            folders.place(path).symlink_to(os.fsdecode(target))
    return done


class _Folders:
    """The folders below one root, each made once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: set[bytes] = {b""}

    def place(self, path: bytes) -> Path:
        """Return where a file goes, its folder made."""
        folder = path.rpartition(b"/")[0]
        if folder not in self._made:
            (self._root / os.fsdecode(folder)).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        return self._root / os.fsdecode(path)


def _fault(path: bytes, kind: trees.Kind) -> str | None:
    if kind == "module":
        return "submodules are not fetched"
    names = path.split(b"/")
    if any(name in _REACHING or paths.is_git_name(os.fsdecode(name)) for name in names):
        return "its name reaches out of the project"
    if len(path) > _LONGEST_PATH or any(len(name) > _LONGEST_NAME for name in names):
        return "its name is too long"
    return None


def _refuse_excess(done: Checkout, max_files: int, max_bytes: int) -> None:
    if done.files > max_files:
        raise Failed(
            "too_many_files",
            f"This version holds more than {max_files} files.",
            "Keep installed packages and built files out of the repository (.gitignore).",
        )
    if done.bytes > max_bytes:
        raise Failed(
            "too_many_bytes",
            f"The files of this version take more than {max_bytes // _MEBIBYTE} MB.",
            "Keep large files (videos, archives, data) out of the repository.",
        )


def _write(repository: pygit2.Repository, item: pygit2.Object, size: int, place: Path) -> None:
    mode = 0o755 if item.filemode == FileMode.BLOB_EXECUTABLE else 0o644
    target = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(target, "wb", buffering=0) as file:
        if size > _STREAMED_BYTES:
            # git hands a large file through; libgit2 would hold all of it in this process.
            git.run(Path(repository.path), "cat-file", "blob", str(item.id), output=file.fileno())
        else:
            file.write(repository[item.id].read_raw())


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
