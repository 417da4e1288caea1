"""One bare repository on this machine."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pygit2

from app.core.errors import Conflict, NotFound
from app.engine.repositories import (
    checkouts,
    commits,
    diffs,
    folders,
    git,
    lines,
    merges,
    pushes,
    refs,
    trees,
)
from app.engine.repositories.checkouts import Checkout
from app.engine.repositories.commits import Commit, Signature
from app.engine.repositories.diffs import Diff, DiffLimits
from app.engine.repositories.lines import Place
from app.engine.repositories.merges import MergeCheck
from app.engine.repositories.trees import Entry, FileKind

_SETTINGS: dict[str, str | bool | int] = {
    "http.receivepack": True,
    "receive.maxInputSize": 200 * 1024 * 1024,
    "receive.fsckObjects": True,
    # Harmless faults that old, honest histories carry; the large hosts take them too.
    "receive.fsck.zeroPaddedFilemode": "ignore",
    "receive.fsck.missingSpaceBeforeDate": "ignore",
    "receive.fsck.badTimezone": "ignore",
    "receive.denyDeleteCurrent": "refuse",
    "receive.autogc": False,
    "gc.auto": 0,  # the keeper tidies up, at a time of its own
    "uploadpack.allowFilter": True,
    "transfer.hideRefs": "refs/greenroom",
}
_CHECKOUT_FILES = 50_000
_CHECKOUT_BYTES = 2 * 1024 * 1024 * 1024
_LEFTOVER_SECONDS = 24 * 3600


class Repository:
    """A bare repository: cheap to open, for use in one thread."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        try:
            self._git = pygit2.Repository(str(self.path), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
        except pygit2.GitError as error:
            raise NotFound(f"There is no repository at {self.path.name}.") from error

    @classmethod
    def create(cls, path: Path | str, default_branch: str = "main") -> "Repository":
        """Make an empty bare repository; Conflict when something is there already."""
        path = Path(path)
        refs.branch(default_branch)
        if path.exists():
            raise Conflict(f"There is something at {path.name} already.")
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made beside and moved, so that a half-made repository is never found under its name.
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=path.parent))
        try:
            made = pygit2.init_repository(str(making), bare=True, initial_head=default_branch)
            for key, value in _SETTINGS.items():
                made.config[key] = value
            made.free()
            making.rename(path)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        return cls(path)

    @classmethod
    def create_from(cls, path: Path | str, source: "Repository", *, of: str, branch: str) -> "Repository":
        """Make a repository whose one branch has the history that a branch of another has now."""
        made = cls.create(path, default_branch=branch)
        refspec = f"{refs.branch(of)}:{refs.branch(branch)}"
        git.run(made.path, "fetch", "--quiet", "--no-tags", str(source.path.absolute()), refspec)
        return cls(path)

    # Names

    @property
    def default_branch(self) -> str:
        """The branch that a clone gets, whether or not it has a commit yet."""
        return str(self._git.lookup_reference("HEAD").target).removeprefix("refs/heads/")

    def make_default(self, branch: str) -> None:
        """Let a clone begin with a branch, from now on."""
        self._git.set_head(refs.branch(branch))

    def head(self, branch: str = "main") -> str | None:
        """Return the tip of a branch, or None where there is no such branch."""
        tip = refs.target(self._git, refs.branch(branch))
        return str(tip) if tip else None

    def resolve(self, ref: str) -> str:
        """Return the full sha of a branch, tag, full ref or (shortened) sha; NotFound."""
        return str(refs.find(self._git, ref))

    def branches(self) -> dict[str, str]:
        """Return the tip of each branch by its name."""
        return refs.branches(self._git)

    def create_branch(self, name: str, at: str) -> None:
        """Begin a branch at a commit; Conflict when the name is taken."""
        refs.move(self._git, refs.branch(name), old=None, new=refs.find(self._git, at))

    def move_branch(self, name: str, *, old: str, new: str) -> None:
        """Set a branch to another commit, if it still stands at `old`; Conflict otherwise."""
        refs.move(self._git, refs.branch(name), old=refs.find(self._git, old), new=refs.find(self._git, new))

    def delete_branch(self, name: str) -> None:
        """Delete a branch; one that is not there is fine, the default branch is not (Conflict)."""
        if name == self.default_branch:
            raise Conflict(f"{name} is the default branch and stays.")
        full = refs.branch(name)
        tip = refs.target(self._git, full)
        if tip is not None:
            refs.move(self._git, full, old=tip, new=None)

    # Reading

    def files(self, ref: str) -> list[str]:
        """List the paths of all files and links, sorted."""
        return trees.files(self._commit(ref).tree)

    def tree(self, ref: str, folder: str = "") -> list[Entry]:
        """List one folder, folders first; NotFound."""
        return trees.entries(self._git, self._commit(ref).tree, folder)

    def blob(self, ref: str, path: str, *, max_bytes: int | None = None) -> bytes:
        """Return a file's bytes; NotFound, or TooLarge past `max_bytes`."""
        return trees.blob(self._commit(ref).tree, path, max_bytes=max_bytes)

    def blob_id(self, ref: str, path: str) -> str | None:
        """Return the id that a file's content goes by; None where there is none at this path."""
        found = trees.find_blob(self._commit(ref).tree, path)
        return str(found.id) if found is not None else None

    def blob_size(self, blob_id: str) -> int:
        """Return a file's size from its header alone."""
        return trees.size_of(self._git, pygit2.Oid(hex=blob_id))

    def everything(self, ref: str) -> list[Entry]:
        """List every file and every folder, by path."""
        return trees.everything(self._git, self._commit(ref).tree)

    def contents(self, ref: str, *, most_bytes: int) -> Iterator[tuple[str, bytes]]:
        """Go through the files by path with what is in them, but those of more than `most_bytes`."""
        return trees.contents(self._git, self._commit(ref).tree, most_bytes)

    def kind(self, ref: str, path: str) -> FileKind | None:
        """Say what a file is; None where there is none at this path."""
        return trees.file_kind(self._commit(ref).tree, path)

    def links(self, ref: str) -> dict[bytes, bytes]:
        """Return where each link leads, by its path."""
        return trees.links(self._commit(ref).tree)

    def commit(self, ref: str) -> Commit:
        """Return the commit that a name stands for; NotFound."""
        return Commit.of(self._commit(ref))

    def log(self, ref: str, limit: int = 50, since: str | datetime | None = None) -> list[Commit]:
        """List commits, newest first; `since` leaves out what that ref has, or what is older than it."""
        moment = since if isinstance(since, datetime) else None
        without = refs.find(self._git, since) if isinstance(since, str) else None
        return commits.history(
            self._git, refs.find(self._git, ref), without=without, after=moment, limit=limit
        )

    def has(self, ref: str, commit: str) -> bool:
        """Whether `commit` is part of the history of `ref`."""
        tip, sought = refs.find(self._git, ref), refs.find(self._git, commit)
        return tip == sought or bool(self._git.descendant_of(tip, sought))

    # Writing

    def commit_files(
        self,
        branch: str,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        author: Signature,
        parent: str | None = None,
        kinds: Mapping[str, FileKind] | None = None,
    ) -> str:
        """Commit new contents of files (None deletes one) on a branch; the first one makes its branch.

        A file whose kind is not said stays what it is.

        `parent` is the tip the changes were made on: Conflict when the branch has moved on since. Where
        nothing differs no commit is made and the tip is returned. Invalid for a path that cannot be.
        """
        tip = self._expected(branch, parent)
        tree = commits.tree_with(self._git, self._tree_of(tip), changes, kinds)
        return self._commit_tree(branch, tip, tree, message=message, author=author)

    def commit_folder(
        self, branch: str, folder: Path, *, message: str, author: Signature, parent: str | None = None
    ) -> str:
        """Commit a folder as it is, but what its .gitignore names; like `commit_files` otherwise."""
        tip = self._expected(branch, parent)
        tree = folders.tree_of(self._git, self._tree_of(tip), folder)
        return self._commit_tree(branch, tip, tree, message=message, author=author)

    # Comparing and merging

    def diff(self, base: str | None, head: str, *, limits: DiffLimits | None = None) -> Diff:
        """Show what `head` changed since it left `base` (None: everything it holds)."""
        tip = self._commit(head)
        start = None if base is None else self._commit(base)
        shared = self._git.merge_base(start.id, tip.id) if start else None
        if shared is not None:
            start = self._git[shared].peel(pygit2.Commit)
        return diffs.between(self._git, start, tip, limits or DiffLimits())

    def changed_paths(self, old: str, new: str) -> list[str]:
        """List the files that are not the same in two commits, whatever lies between them."""
        return diffs.changed_paths(self._commit(old), self._commit(new))

    def compare(self, base: str | None, head: str, *, limits: DiffLimits | None = None) -> Diff:
        """Show how the files of two commits differ, whatever they come from (None: everything it holds)."""
        start = None if base is None else self._commit(base)
        return diffs.between(self._git, start, self._commit(head), limits or DiffLimits())

    def follow_lines(self, place: Place, *, since: str, at: str) -> Place | None:
        """Return where lines of a file at `since` are at another commit; None once they are gone."""
        return lines.follow(self._commit(since), self._commit(at), place)

    def check_merge(self, base_branch: str, head_sha: str) -> MergeCheck:
        """Say whether `head_sha` would merge, and which files stand in the way."""
        return merges.check(self._git, base_branch, refs.find(self._git, head_sha))

    def merge(self, base_branch: str, head_sha: str, *, message: str, author: Signature) -> str:
        """Merge by a commit with two parents and return it; Conflict names the files or says what moved."""
        head = refs.find(self._git, head_sha)
        return merges.merge(self._git, base_branch, head, message=message, author=author)

    def revert(self, base_branch: str, sha: str, *, message: str, author: Signature) -> str:
        """Return a new commit, on no branch yet, that takes `sha` out of a branch; Conflict says why not."""
        undone = refs.find(self._git, sha)
        return str(merges.revert(self._git, base_branch, undone, message=message, author=author))

    # Files on disk

    def checkout(
        self, sha: str, into: Path, *, max_files: int = _CHECKOUT_FILES, max_bytes: int = _CHECKOUT_BYTES
    ) -> Checkout:
        """Write a commit's files into a new or empty folder; Failed past the limits, and nothing is left."""
        tree = self._commit(sha).tree
        return checkouts.lay_out(self._git, tree, Path(into), max_files=max_files, max_bytes=max_bytes)

    def tidy(self) -> None:
        """Pack what is loose, drop what nothing names and what killed processes left; may take a while."""
        refs.drop_stale_locks(self.path)
        for leftover in [*self.path.glob("objects/tmp_objdir-*"), *pushes.leftovers(self.path)]:
            if time.time() - leftover.stat().st_mtime > _LEFTOVER_SECONDS:
                shutil.rmtree(leftover, ignore_errors=True)
        git.run(self.path, "gc", "--quiet", "--prune=2.weeks.ago", seconds=3600)

    def size(self) -> int:
        """Return the bytes that this repository takes on disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())

    def _commit(self, ref: str) -> pygit2.Commit:
        return self._git[refs.find(self._git, ref)].peel(pygit2.Commit)

    def _tree_of(self, commit: pygit2.Oid | None) -> pygit2.Tree | None:
        return self._git[commit].peel(pygit2.Tree) if commit else None

    def _expected(self, branch: str, parent: str | None) -> pygit2.Oid | None:
        tip = refs.target(self._git, refs.branch(branch))
        if parent is not None and str(tip) != parent:
            raise refs.moved(branch)
        if tip is None and self.branches():
            raise NotFound(f"There is no branch {branch!r} in this repository.")
        return tip

    def _commit_tree(
        self, branch: str, tip: pygit2.Oid | None, tree: pygit2.Oid, *, message: str, author: Signature
    ) -> str:
        if tip is not None and self._git[tip].peel(pygit2.Tree).id == tree:
            return str(tip)
        parents = [tip] if tip else []
        return commits.write(self._git, branch, tree=tree, parents=parents, message=message, author=author)
