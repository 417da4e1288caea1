"""What a commit holds, read from the object store without a worktree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pygit2
from pygit2.enums import FileMode

from app.core.errors import Invalid, NotFound, TooLarge

Kind = Literal["folder", "file", "link", "module"]
FileKind = Literal["file", "executable", "link"]

_KINDS: dict[int, Kind] = {FileMode.TREE: "folder", FileMode.LINK: "link", FileMode.COMMIT: "module"}
_FILE_KINDS: dict[int, FileKind] = {FileMode.BLOB_EXECUTABLE: "executable", FileMode.LINK: "link"}
# A few hundred bytes of git objects can name millions of files; nobody's real project comes near this.
_MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder; `size` in bytes, 0 where it is no file."""

    name: str
    path: str
    kind: Kind
    size: int
    executable: bool = False


def entries(repository: pygit2.Repository, tree: pygit2.Tree, folder: str = "") -> list[Entry]:
    """List one folder: folders first, then by name; NotFound when there is no such folder."""
    folder = folder.strip("/")
    found = _at(tree, folder) if folder else tree
    if not isinstance(found, pygit2.Tree):
        raise NotFound(f"There is no folder {folder!r} in this version.")
    listed = [_entry(repository, item, folder) for item in found]
    return sorted(listed, key=lambda entry: (entry.kind != "folder", entry.name.casefold(), entry.name))


def blob(tree: pygit2.Tree, path: str, *, max_bytes: int | None = None) -> bytes:
    """Return a file's bytes (a link's target); NotFound, or TooLarge past `max_bytes` without reading it."""
    found = _at(tree, path)
    if not isinstance(found, pygit2.Blob):
        raise NotFound(f"There is no file {path!r} in this version.")
    if max_bytes is not None and found.size > max_bytes:
        raise TooLarge(f"{path} holds {found.size} bytes; this place shows at most {max_bytes}.")
    return bytes(found.data)


def files(tree: pygit2.Tree) -> list[str]:
    """List the paths of all files and links, sorted."""
    return sorted(shown(path) for path, item in walk(tree) if kind_of(item) in {"file", "link"})


def everything(repository: pygit2.Repository, tree: pygit2.Tree) -> list[Entry]:
    """List every file and link with the folders that they lie in, by path."""
    found: dict[str, Entry] = {}
    for raw, item in walk(tree):
        path = shown(raw)
        for length in range(1, path.count("/") + 1):
            folder = "/".join(path.split("/")[:length])
            found.setdefault(folder, Entry(folder.rpartition("/")[2], folder, "folder", 0))
        found[path] = _entry(repository, item, path.rpartition("/")[0])
    return [found[path] for path in sorted(found)]


def contents(repository: pygit2.Repository, tree: pygit2.Tree, most: int) -> Iterator[tuple[str, bytes]]:
    """Go through the files by path with what is in them, but those of more than `most` bytes."""
    for raw, item in sorted(walk(tree), key=lambda each: each[0]):
        if isinstance(item, pygit2.Blob) and kind_of(item) == "file" and size_of(repository, item.id) <= most:
            yield shown(raw), bytes(item.data)


def file_kind(tree: pygit2.Tree, path: str) -> FileKind | None:
    """Say what a file is; None where there is none at this path."""
    found = _at(tree, path)
    if not isinstance(found, pygit2.Blob):
        return None
    return _FILE_KINDS.get(found.filemode, "file")


def links(tree: pygit2.Tree) -> dict[bytes, bytes]:
    """Return where each link leads, by its path."""
    return {path: bytes(item.read_raw()) for path, item in walk(tree) if kind_of(item) == "link"}


def walk(tree: pygit2.Tree, *, most: int = _MOST_ENTRIES) -> Iterator[tuple[bytes, pygit2.Object]]:
    """Go through everything below a tree but the folders themselves; Invalid past `most` entries."""
    seen = 0
    waiting: list[tuple[bytes, pygit2.Tree]] = [(b"", tree)]
    while waiting:
        prefix, folder = waiting.pop()
        for item in folder:
            seen += 1
            if seen > most:
                raise Invalid(
                    f"This version holds more than {most} files and folders.", code="too_many_files"
                )
            path = prefix + (item.raw_name or b"")
            if isinstance(item, pygit2.Tree):
                waiting.append((path + b"/", item))
            else:
                yield path, item


def kind_of(item: pygit2.Object) -> Kind:
    """Say what an entry of a tree is."""
    return _KINDS.get(item.filemode, "file")


def size_of(repository: pygit2.Repository, oid: pygit2.Oid) -> int:
    """Return an object's size from its header alone; 0 where it is not here (a submodule's commit)."""
    try:
        return int(repository.odb.read_header(oid)[1])
    except KeyError:
        return 0


def shown(path: bytes) -> str:
    """Return a path as text; a file whose name is no UTF-8 is listed, but cannot be opened by that name."""
    return path.decode("utf-8", "replace")


def find_blob(tree: pygit2.Tree, path: str) -> pygit2.Blob | None:
    """Return the file at a path, where there is one."""
    found = _at(tree, path)
    return found if isinstance(found, pygit2.Blob) else None


def _at(tree: pygit2.Tree, path: str) -> pygit2.Object | None:
    try:
        return tree[path]
    except (KeyError, ValueError):  # ValueError: a NUL, or text that is no UTF-8
        return None


def _entry(repository: pygit2.Repository, item: pygit2.Object, folder: str) -> Entry:
    name = shown(item.raw_name or b"")
    kind = kind_of(item)
    return Entry(
        name=name,
        path=f"{folder}/{name}" if folder else name,
        kind=kind,
        size=size_of(repository, item.id) if kind in {"file", "link"} else 0,
        executable=item.filemode == FileMode.BLOB_EXECUTABLE,
    )
