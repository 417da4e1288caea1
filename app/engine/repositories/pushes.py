"""What one push may do, what its pusher is told, and what it did."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pygit2

from app.core.errors import Unavailable
from app.engine.repositories import refs

_HOOKS = Path(__file__).with_name("hooks")
_FOLDER = "push-"
WHY_PROTECTED = "is protected: push to a branch of its own and have it merged in Greenroom."
WHY_KEPT = "holds what somebody is asked to try: drop the request in Greenroom first, then delete it."
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class Change(NamedTuple):
    """A ref that a push moved; `old` is None where it is new, `new` is None where it was deleted."""

    ref: str
    old: str | None
    new: str | None


class Push:
    """The folder through which one push and its hooks speak; it lies in the repository."""

    def __init__(self, repository: Path, *, notes: Mapping[str, str]) -> None:
        self._repository = repository
        self.changes: list[Change] = []
        refs.drop_stale_locks(repository)
        self.folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=repository))
        (self.folder / "notes").write_text(
            "".join(f"{_full(ref)}\t{line}\n" for ref, note in notes.items() for line in _lines(note))
        )

    def refuse_to_move(self, names: Iterable[str], why: str) -> None:
        self._refuse("protected", names, why)

    def refuse_to_delete(self, names: Iterable[str], why: str) -> None:
        self._refuse("kept", names, why)

    def _refuse(self, what: str, names: Iterable[str], why: str) -> None:
        (self.folder / what).write_text("".join(f"{_full(name)}\n" for name in names))
        (self.folder / f"why-{what}").write_text(" ".join(_lines(why)))

    def end(self) -> None:
        """Find out what moved (by asking the refs: a hook may have been killed), and clear the folder."""
        asked = self.folder / "asked"
        if asked.exists():
            repository = pygit2.Repository(str(self._repository))
            proposed = [_change(line) for line in asked.read_text().splitlines()]
            self.changes = [change for change in proposed if _target(repository, change.ref) == change.new]
        shutil.rmtree(self.folder, ignore_errors=True)


def hooks() -> Path:
    """Return the folder of our hooks, each executable even where an archive dropped the bit."""
    for hook in _HOOKS.iterdir():
        mode = hook.stat().st_mode
        if mode & 0o555 != 0o555:  # noqa: PLR2004 - readable and executable for all
            try:
                hook.chmod(mode | 0o555)
            except OSError as error:
                raise Unavailable(
                    "Nothing can be pushed: git's hooks are not executable.",
                    code="hooks_not_executable",
                    suggestion=f"As the owner of the installation, run: chmod +x {_HOOKS}/*",
                ) from error
    return _HOOKS


def leftovers(repository: Path) -> list[Path]:
    """List the folders of pushes, also those of processes that were killed."""
    return list(repository.glob(f"{_FOLDER}*"))


def _full(name: str) -> str:
    return name if name == "*" or name.startswith("refs/") else f"refs/heads/{name}"


def _lines(note: str) -> list[str]:
    # It ends in somebody's terminal.
    return [_CONTROL.sub(" ", line) for line in note.splitlines()]


def _change(line: str) -> Change:
    old, new, ref = line.split(" ", 2)
    return Change(ref, old if old.strip("0") else None, new if new.strip("0") else None)


def _target(repository: pygit2.Repository, ref: str) -> str | None:
    try:
        return str(repository.lookup_reference(ref).target)
    except KeyError:
        return None
