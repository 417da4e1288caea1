"""Where lines of a file are in a later version of it; gone, once one of them was changed."""

from typing import NamedTuple

import pygit2
from pygit2.enums import DeltaStatus, DiffFind

from app.engine.repositories import trees

_MOST_COMPARED = 200


class Place(NamedTuple):
    """Lines of a file, from the first to the last."""

    path: str
    first: int
    last: int


def follow(old: pygit2.Commit, new: pygit2.Commit, place: Place) -> Place | None:
    """Return where lines of `old` are in `new`, through renames; None where they, or the file, are gone."""
    before = trees.find_blob(old.tree, place.path)
    if before is None or old.id == new.id:
        return place if before is not None else None
    path = (
        place.path if trees.find_blob(new.tree, place.path) is not None else _new_name(old, new, place.path)
    )
    after = trees.find_blob(new.tree, path) if path else None
    if path is None or after is None:
        return None
    if after.id == before.id:
        return place._replace(path=path)
    shift = _shift(before.diff(after), place)
    return None if shift is None else Place(path, place.first + shift, place.last + shift)


def _new_name(old: pygit2.Commit, new: pygit2.Commit, path: str) -> str | None:
    compared = old.tree.diff_to_tree(new.tree, context_lines=0)
    compared.find_similar(flags=DiffFind.FIND_RENAMES, rename_limit=_MOST_COMPARED)
    return next(
        (
            trees.shown(delta.new_file.raw_path)
            for delta in compared.deltas
            if delta.status == DeltaStatus.RENAMED and trees.shown(delta.old_file.raw_path) == path
        ),
        None,
    )


def _shift(patch: pygit2.Patch, place: Place) -> int | None:
    """Return by how many lines a place moved; None where one of its lines, or one between them, changed."""
    if patch.delta.is_binary:
        return None
    moved = 0
    for hunk in patch.hunks:
        at = hunk.old_start - 1 if hunk.old_lines else hunk.old_start  # the old line that was passed last
        for line in hunk.lines:
            at = line.old_lineno if line.old_lineno > 0 else at
            if line.origin == "-" and place.first <= at <= place.last:
                return None
            if line.origin == "+" and place.first <= at < place.last:
                return None
            if line.origin in "+-" and at < place.first:
                moved += 1 if line.origin == "+" else -1
    return moved
