"""One bench: a folder of its own with a commit's files and their history, without a way back from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.installation import Limits, installation
from app.engine.repositories import Repository, paths
from app.engine.sandbox import Outcome, Work, require, run
from app.engine.sandbox.process import nobody_cancels
from app.engine.workbench import changes, history, programs
from app.engine.workbench.changes import Changes, Most
from app.engine.workbench.removal import remove

_TREE = "tree"
# Where what was given lies, in the tree: some programs read only below the folder that they start in.
_GIVEN = ".greenroom"
# What programs leave behind anywhere and nobody means to keep.
_LEAVINGS = (
    "node_modules/",
    ".venv/",
    "__pycache__/",
    ".pytest_cache/",
    ".mypy_cache/",
    ".ruff_cache/",
    ".npm/",
    ".DS_Store",
)


@dataclass(frozen=True)
class Workbench:
    """Files of a commit to be worked on; nothing of the work is kept but what is taken from it."""

    repository: Repository
    commit: str
    folder: Path
    given: str  # the folder of what was given, as seen from the tree
    leavings: tuple[str, ...]
    absent: frozenset[str]  # what could not be laid out

    @property
    def tree(self) -> Path:
        return self.folder / _TREE

    def give(self, name: str, data: bytes) -> str:
        """Lay a file beside the work, which is no part of it; return its path as seen from the tree."""
        path = f"{self.given}/{paths.checked(name)}"
        place = self.tree / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        return path

    def run(
        self,
        command: str | Sequence[str],
        *,
        on_line: Callable[[str], None],
        limits: Limits,
        env: Mapping[str, str] | None = None,
        read_only: Sequence[Path] = (),
        stdin: str | None = None,
        cancelled: Callable[[], bool] = nobody_cancels,
        allowed_hosts: Sequence[str] = (),
    ) -> Outcome:
        """Run a command in the tree to its end; nothing that it started is left then, whatever it was.

        `stdin` is a path as seen from the tree; what `read_only` holds can be started by name.
        """
        words = ["/bin/sh", "-c", command] if isinstance(command, str) else list(command)
        if stdin is not None:  # nothing that a person wrote is part of the line
            words = ["/bin/sh", "-c", 'exec "$@" <"$0"', stdin, *words]
        work = Work(
            command=words,
            folder=self.folder,
            directory=_TREE,
            env={"PATH": programs.search_path(read_only), **(env or {})},
            limits=limits,
            read_only=read_only,
            outbound=True,
            allowed_hosts=allowed_hosts,
        )
        return run(work, on_line=on_line, cancelled=cancelled)

    def changes(self, most: Most | None = None) -> Changes:
        """Return what is different from the commit by now; Failed where it must not be taken over.

        Commits made on the bench do not matter: what lies in the tree counts.
        """
        remove(self.tree / self.given)
        return changes.collect(
            self.repository,
            self.commit,
            self.tree,
            leavings=self.leavings,
            absent=self.absent,
            most=most or Most(),
        )


@contextmanager
def bench_at(
    repository: Repository, commit: str, *, name: str, branch: str, leavings: Iterable[str] = ()
) -> Iterator[Workbench]:
    """Make a bench, and take it away at the end; a killed process's is the reconciler's, by its name."""
    require()
    folder = installation().checkouts / name
    remove(folder)
    folder.mkdir(mode=0o755)
    try:
        laid = repository.checkout(commit, folder / _TREE)
        bench = Workbench(
            repository,
            commit,
            folder,
            given=_given(repository.files(commit)),
            leavings=(*_LEAVINGS, *leavings),
            absent=frozenset(each.path for each in laid.skipped),
        )
        unseen = (f"/{bench.given}/", *bench.leavings)
        history.lay_under(bench.tree, repository, commit, branch, unseen=unseen)
        (bench.tree / bench.given).mkdir()
        yield bench
    finally:
        remove(folder)


def _given(files: Iterable[str]) -> str:
    """Return a name at the top of the tree that the project itself does not use."""
    taken = {path.split("/", 1)[0] for path in files}
    name = _GIVEN
    while name in taken:
        name += "-"
    return name
