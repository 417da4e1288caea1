"""Names of commits: read in the order a person means them, moved by compare-and-set under git's own lock."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pygit2
from pygit2.transaction import ReferenceTransaction

from app.core.errors import Conflict, Invalid, NotFound

_HEADS = "refs/heads/"
_FULL_SHA = 40
_SHA = re.compile(r"[0-9a-f]{7,40}")
# git holds the lock of a ref for milliseconds; one this old was left by a process that was killed.
_STALE_SECONDS = 60.0
_ATTEMPTS = 20
_PAUSE = 0.05


def branch(name: str) -> str:
    """Return the full name of a branch; Invalid when git would not take it."""
    full = f"{_HEADS}{name}"
    try:
        fits = pygit2.reference_is_valid_name(full)
    except ValueError:  # text that is no UTF-8
        fits = False
    if not fits or "\0" in name or name.startswith("-") or name == "HEAD":
        raise Invalid.field("branch", f"{name!r} cannot be the name of a branch.")
    return full


def target(repository: pygit2.Repository, name: str) -> pygit2.Oid | None:
    """Return the commit that a full ref name stands for, or None."""
    try:
        peeled = repository.lookup_reference(name).peel(pygit2.Commit)
    except (KeyError, ValueError, pygit2.GitError):  # missing; no such name can be; no commit behind it
        return None
    return peeled.id


def find(repository: pygit2.Repository, name: str) -> pygit2.Oid:
    """Return the commit meant by a full sha, branch, tag, full ref or shortened sha; NotFound."""
    found = _by_sha(repository, name) if len(name) == _FULL_SHA else None
    for full in (
        f"{_HEADS}{name}",
        f"refs/tags/{name}",
        name if name.startswith("refs/") or name == "HEAD" else "",
    ):
        found = found or (target(repository, full) if full else None)
    found = found or _by_sha(repository, name)
    if found is None:
        raise NotFound(f"There is no branch, tag or commit {name!r} in this repository.")
    return found


def branches(repository: pygit2.Repository) -> dict[str, str]:
    """Return every branch's tip by its name."""
    names = (raw.decode("utf-8", "replace") for raw in repository.raw_listall_branches())
    tips = {name: target(repository, f"{_HEADS}{name}") for name in names}
    return {name: str(tip) for name, tip in sorted(tips.items()) if tip is not None}


def move(repository: pygit2.Repository, name: str, *, old: pygit2.Oid | None, new: pygit2.Oid | None) -> None:
    """Move a ref from `old` to `new` (None: it does not exist) or raise Conflict and leave it where it is."""
    if old is None:
        _refuse_shadow(repository, name)
    with _locked(repository, name) as transaction:
        if target(repository, name) != old:
            raise moved(_short(name))
        if new is not None:
            transaction.set_target(name, new)
        elif old is not None:
            transaction.remove(name)


def moved(branch: str) -> Conflict:
    """Say that a branch is no longer where the caller thinks."""
    return Conflict(
        f"{branch} was changed by somebody else in the meantime.",
        code="branch_moved",
        suggestion="Load it again and repeat your change.",
    )


def drop_stale_locks(folder: Path) -> list[str]:
    """Remove locks that a killed process left on refs; return their names."""
    dropped = []
    for lock in [*folder.glob("refs/**/*.lock"), *folder.glob("*.lock")]:
        with contextlib.suppress(FileNotFoundError):
            if time.time() - lock.stat().st_mtime > _STALE_SECONDS:
                lock.unlink()
                dropped.append(str(lock.relative_to(folder)))
    return dropped


@contextlib.contextmanager
def _locked(repository: pygit2.Repository, name: str) -> Iterator[ReferenceTransaction]:
    for attempt in range(_ATTEMPTS):
        with repository.transaction() as transaction:
            try:
                transaction.lock_ref(name)
            except pygit2.GitError:
                drop_stale_locks(Path(repository.path))
            else:
                yield transaction
                return
        time.sleep(_PAUSE * (attempt + 1) / _ATTEMPTS)
    raise Conflict(f"Somebody else is changing {_short(name)} at this moment.", code="branch_busy")


def _by_sha(repository: pygit2.Repository, name: str) -> pygit2.Oid | None:
    if not _SHA.fullmatch(name):
        return None
    try:
        found = repository[name]
        return found.peel(pygit2.Commit).id
    except (KeyError, ValueError, pygit2.GitError):  # not here; ambiguous; a tree or a blob
        return None


def _refuse_shadow(repository: pygit2.Repository, name: str) -> None:
    # git keeps refs as files: `a` and `a/b` cannot both be.
    for other in repository.listall_references():
        if other.startswith(f"{name}/") or name.startswith(f"{other}/"):
            raise Conflict(
                f"{_short(other)} exists, so there cannot be {_short(name)} beside it.",
                code="branch_shadowed",
            )


def _short(name: str) -> str:
    return name.removeprefix(_HEADS)
