"""Commits: listed, and made by compare-and-set on a branch's tip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, takewhile

import pygit2
from pygit2.enums import FileMode, SortMode

from app.core import clock
from app.core.errors import Invalid
from app.engine.repositories import paths, refs
from app.engine.repositories.trees import FileKind

_MODES: dict[FileKind, FileMode] = {
    "file": FileMode.BLOB,
    "executable": FileMode.BLOB_EXECUTABLE,
    "link": FileMode.LINK,
}
_UNFIT = {ord(character): None for character in "<>\n\r\0"}
_LATEST = 253_402_300_799  # the last second that a datetime can hold


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made a commit."""

    name: str
    email: str

    def at(self, moment: datetime) -> pygit2.Signature:
        """Return it in git's form; what git cannot write is left out."""
        name = self.name.translate(_UNFIT).strip(" .,:;'\"") or "Somebody"
        email = self.email.translate(_UNFIT).strip() or "somebody@localhost"
        return pygit2.Signature(name, email, int(moment.timestamp()), 0)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as it is listed."""

    sha: str
    message: str
    author: str
    email: str
    at: datetime
    parents: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.message.strip().partition("\n")[0]

    @classmethod
    def of(cls, commit: pygit2.Commit) -> "Commit":
        return cls(
            sha=str(commit.id),
            message=commit.raw_message.decode("utf-8", "replace"),
            author=commit.author.raw_name.decode("utf-8", "replace"),
            email=commit.author.raw_email.decode("utf-8", "replace"),
            at=datetime.fromtimestamp(min(max(commit.commit_time, 0), _LATEST), UTC),
            parents=tuple(str(parent) for parent in commit.parent_ids),
        )


def history(
    repository: pygit2.Repository,
    start: pygit2.Oid,
    *,
    without: pygit2.Oid | None,
    after: datetime | None,
    limit: int,
) -> list[Commit]:
    """List commits from `start` back, newest first; none that `without` has or that is older than `after`."""
    # Without an order asked for, libgit2 goes from child to parent and stops early, even in a long history.
    walker = repository.walk(start, SortMode.TOPOLOGICAL | SortMode.TIME if without else SortMode.NONE)
    if without is not None:
        walker.hide(without)
    recent = takewhile(lambda commit: after is None or commit.at >= after, map(Commit.of, walker))
    return list(islice(recent, limit))


def tree_with(
    repository: pygit2.Repository,
    tree: pygit2.Tree | None,
    changes: Mapping[str, bytes | None],
    kinds: Mapping[str, FileKind] | None = None,
) -> pygit2.Oid:
    """Write the tree that `tree` becomes by `changes` (None deletes); Invalid where a path cannot be."""
    index = pygit2.Index()
    if tree is not None:
        index.read_tree(tree)
    modes: dict[str, FileMode] = {}
    for path in changes:
        paths.checked(path)
        if path in index:
            modes[path] = index[path].mode
            index.remove(path)
    folders = {parent for entry in index for parent in _parents(entry.path)}
    for path, data in changes.items():
        if data is None:
            continue
        _refuse_collision(index, folders, path)
        kind = (kinds or {}).get(path)
        mode = _MODES[kind] if kind else _file_mode(modes.get(path))
        index.add(pygit2.IndexEntry(path, repository.create_blob(data), mode))
        folders.update(_parents(path))
    return index.write_tree(repository)


def write(
    repository: pygit2.Repository,
    branch: str,
    *,
    tree: pygit2.Oid,
    parents: Sequence[pygit2.Oid],
    message: str,
    author: Signature,
) -> str:
    """Write a commit and move the branch from its first parent to it; Conflict when it stands elsewhere."""
    new = write_loose(repository, tree=tree, parents=parents, message=message, author=author)
    refs.move(repository, refs.branch(branch), old=parents[0] if parents else None, new=new)
    return str(new)


def write_loose(
    repository: pygit2.Repository,
    *,
    tree: pygit2.Oid,
    parents: Sequence[pygit2.Oid],
    message: str,
    author: Signature,
) -> pygit2.Oid:
    """Write a commit that no branch names yet."""
    signature = author.at(clock.now())
    text = message.replace("\0", "").strip() or "Change"
    return repository.create_commit(None, signature, signature, f"{text}\n", tree, list(parents))


def _file_mode(before: FileMode | None) -> FileMode:
    return FileMode.BLOB_EXECUTABLE if before == FileMode.BLOB_EXECUTABLE else FileMode.BLOB


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def _refuse_collision(index: pygit2.Index, folders: set[str], path: str) -> None:
    if path in folders:
        raise Invalid.field("path", f"{path} is a folder; a file cannot take its name.")
    file = next((parent for parent in _parents(path) if parent in index), None)
    if file:
        raise Invalid.field("path", f"{file} is a file, so it cannot hold {path}.")
