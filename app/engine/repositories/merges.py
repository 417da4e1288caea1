"""Merging in the object store: no worktree, no state to clean up after a crash."""

from dataclasses import dataclass, field

import pygit2

from app.core.errors import Conflict
from app.engine.repositories import commits, refs
from app.engine.repositories.commits import Signature

_NAMED = 5


@dataclass(frozen=True, slots=True)
class MergeCheck:
    """What a merge would come to; `base_sha` is the base branch's tip that it was tried on."""

    clean: bool
    conflicts: list[str] = field(default_factory=list)
    base_sha: str | None = None
    already: bool = False


def check(repository: pygit2.Repository, base_branch: str, head: pygit2.Oid) -> MergeCheck:
    """Try the merge without changing any branch."""
    base = refs.target(repository, refs.branch(base_branch))
    if base is None:
        return MergeCheck(clean=True)
    if _has(repository, base, head):
        return MergeCheck(clean=True, base_sha=str(base), already=True)
    conflicts = _conflicts(repository.merge_commits(base, head))
    return MergeCheck(clean=not conflicts, conflicts=conflicts, base_sha=str(base))


def merge(
    repository: pygit2.Repository, base_branch: str, head: pygit2.Oid, *, message: str, author: Signature
) -> str:
    """Merge `head` by a commit of its own and return it; where there is nothing to merge, the base's tip.

    A base branch that does not exist yet begins at `head`.
    """
    name = refs.branch(base_branch)
    base = refs.target(repository, name)
    if base is None:
        refs.move(repository, name, old=None, new=head)
        return str(head)
    if _has(repository, base, head):
        return str(base)
    index = repository.merge_commits(base, head)
    conflicts = _conflicts(index)
    if conflicts:
        raise Conflict(
            f"The same lines were changed on {base_branch}, in {_listed(conflicts)}.",
            code="merge_conflict",
            suggestion=f"Bring {base_branch} into the branch, settle these files there and merge again.",
        )
    tree = index.write_tree(repository)
    return commits.write(
        repository, base_branch, tree=tree, parents=[base, head], message=message, author=author
    )


def revert(
    repository: pygit2.Repository, base_branch: str, commit: pygit2.Oid, *, message: str, author: Signature
) -> pygit2.Oid:
    """Write the commit that takes `commit` out of the base branch again; no branch moves to it yet."""
    base = refs.target(repository, refs.branch(base_branch))
    if base is None or not _has(repository, base, commit):
        raise Conflict(f"{base_branch} does not hold this any more, so there is nothing to take out.")
    undone = repository[commit].peel(pygit2.Commit)
    tip = repository[base].peel(pygit2.Commit)
    index = repository.revert_commit(undone, tip, 1 if len(undone.parent_ids) > 1 else 0)
    conflicts = _conflicts(index)
    if conflicts:
        raise Conflict(
            f"Later changes on {base_branch} build on this, in {_listed(conflicts)}.",
            code="revert_conflict",
            suggestion="Ask for what should be different as a request of its own.",
        )
    tree = index.write_tree(repository)
    if tree == tip.tree.id:
        raise Conflict(f"All of it was taken out of {base_branch} already.", code="nothing_to_undo")
    return commits.write_loose(repository, tree=tree, parents=[base], message=message, author=author)


def _has(repository: pygit2.Repository, tip: pygit2.Oid, commit: pygit2.Oid) -> bool:
    return tip == commit or bool(repository.descendant_of(tip, commit))


def _conflicts(index: pygit2.Index) -> list[str]:
    found = set()
    for sides in index.conflicts or ():
        found.add(next(side.path for side in sides if side is not None))
    return sorted(found)


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
