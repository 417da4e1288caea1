"""What was changed on a bench, taken over with care: whoever worked there may have been told anything."""

import os
import re
import stat
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.core.errors import Failed
from app.engine.repositories import FileKind, Repository, git, paths
from app.engine.repositories.links import escapes
from app.engine.workbench.removal import remove

_MEGABYTE = 1024 * 1024
_MOST_NESTED = 20
_NAMED = 5
_AGAIN = "Start the work again; if it happens every time, say in the request what to leave out."
_CONFLICT = re.compile(rb"^<{7} .*?^={7}\r?$.*?^>{7} ", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Most:
    """How much one piece of work may change."""

    files: int = 2_000
    file_bytes: int = 10 * _MEGABYTE
    bytes: int = 50 * _MEGABYTE


@dataclass
class Changes:
    """Files by path (None deletes), and what they are where it is not a plain file."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    kinds: dict[str, FileKind] = field(default_factory=dict)


def collect(
    repository: Repository,
    commit: str,
    tree: Path,
    *,
    leavings: Iterable[str],
    absent: Collection[str],
    most: Most,
) -> Changes:
    """Compare a tree with a commit; Failed where something in it must not become part of a project.

    What was `absent` from the beginning was not deleted.
    """
    before = set(repository.files(commit)) - set(absent)
    changes = Changes()
    total = 0
    touched = _touched(repository, commit, tree, leavings)
    if len(touched) > most.files:
        raise Failed(
            "too_many_files",
            f"The work changed {len(touched)} files; more than {most.files} are not taken over at once.",
            "Name installed packages and built files in .gitignore, then start the work again.",
        )
    for path in sorted(touched):
        kind, size = _look(tree, path)
        if kind is None:
            if path in before:
                changes.files[path] = None
            continue
        _check_path(path)
        total += size
        if size > most.file_bytes or total > most.bytes:
            raise Failed(
                "too_large",
                f"{path} makes it too large: {most.file_bytes // _MEGABYTE} MB a file and "
                f"{most.bytes // _MEGABYTE} MB in all are taken over.",
                "Large files do not belong into the repository; name them in .gitignore.",
            )
        data = _read(tree, path, kind)
        old = _before(repository, commit, path) if path in before else None
        if old == (data, kind):
            continue
        changes.files[path], changes.kinds[path] = data, kind
        if kind != "link" and _CONFLICT.search(data) and not (old and _CONFLICT.search(old[0])):
            raise Failed("conflict_markers", f"{path} was left with the marks of a conflict in it.", _AGAIN)
    _refuse_leading_out(repository, commit, changes)
    return changes


def _touched(repository: Repository, commit: str, tree: Path, leavings: Iterable[str]) -> set[str]:
    """Return every path that may differ, without what .gitignore names."""
    with tempfile.TemporaryDirectory(prefix="greenroom-index-") as aside:
        unseen = Path(aside) / "unseen"
        unseen.write_text("".join(f"{each}\n" for each in (*leavings, "/.git")))
        variables = {"GIT_INDEX_FILE": f"{aside}/index", "GIT_WORK_TREE": str(tree.absolute())}
        config = {"core.excludesFile": str(unseen)}
        git.run(repository.path, "read-tree", commit, variables=variables)
        for _ in range(_MOST_NESTED):
            listed = git.run(
                repository.path,
                *("ls-files", "-z", "--modified", "--deleted", "--others", "--exclude-standard"),
                config=config,
                variables=variables,
            )
            found = {_text(name) for name in listed.split(b"\0") if name}
            nested = [path for path in found if path.endswith("/")]
            if not nested:
                return found
            for path in nested:  # a repository in the repository would be kept as a name without files
                remove(tree / path / ".git")
    raise Failed("nested_repositories", "The work left repositories in repositories.", _AGAIN)


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError as error:
        shown = name.decode("utf-8", "replace")
        raise Failed(
            "bad_path", f"{shown!r} cannot be a file's path: it is not valid text.", _AGAIN
        ) from error


def _look(tree: Path, path: str) -> tuple[FileKind | None, int]:
    """Say what lies at a path, going through no link; None for nothing, or nothing that can be kept."""
    here = tree
    for name in path.split("/")[:-1]:
        here /= name
        if here.is_symlink() or not here.is_dir():
            return None, 0
    try:
        found = (tree / path).lstat()
    except OSError:
        return None, 0
    if stat.S_ISLNK(found.st_mode):
        return "link", found.st_size
    if not stat.S_ISREG(found.st_mode):
        return None, 0
    return "executable" if found.st_mode & stat.S_IXUSR else "file", found.st_size


def _read(tree: Path, path: str, kind: FileKind) -> bytes:
    place = tree / path
    if kind == "link":
        return os.fsencode(place.readlink())
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _before(repository: Repository, commit: str, path: str) -> tuple[bytes, FileKind | None]:
    return repository.blob(commit, path), repository.kind(commit, path)


def _check_path(path: str) -> None:
    fault = paths.fault_of(path)
    if fault:
        raise Failed("bad_path", f"{path!r} cannot be a file's path: {fault}.", _AGAIN)


def _refuse_leading_out(repository: Repository, commit: str, changes: Changes) -> None:
    """Refuse links that would lead out of the tree as it becomes."""
    known = repository.links(commit).items()
    links = {name: target for name, target in known if os.fsdecode(name) not in changes.files}
    made = [path for path, kind in changes.kinds.items() if kind == "link"]
    links |= {path.encode(): changes.files[path] or b"" for path in made}
    outward = escapes(links)
    named = [path for path in made if path.encode() in outward][:_NAMED]
    if named:
        raise Failed(
            "link_leads_out", f"The work left links that lead out of the project: {', '.join(named)}.", _AGAIN
        )
