"""What a branch changes, as hunks and lines a page can show, within limits."""

from dataclasses import dataclass, field
from typing import Literal

import pygit2
from pygit2.enums import DeltaStatus, DiffFind

from app.engine.repositories import trees

Status = Literal["added", "deleted", "modified", "renamed", "retyped"]
LineKind = Literal[" ", "+", "-"]

_STATUSES: dict[int, Status] = {
    DeltaStatus.ADDED: "added",
    DeltaStatus.DELETED: "deleted",
    DeltaStatus.RENAMED: "renamed",
    DeltaStatus.TYPECHANGE: "retyped",
}
_LINE_KINDS: dict[str, LineKind] = {" ": " ", "+": "+", "-": "-"}
# Finding renames compares every added file with every deleted one, by content.
_MOST_COMPARED = 200
_MOST_COMPARED_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `old` and `new` are its numbers on either side, `bare` where no newline follows it."""

    kind: LineKind
    old: int | None
    new: int | None
    text: str
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that changed together, with their surroundings."""

    header: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What became of one file; `truncated` where not all of its lines are here."""

    path: str
    old_path: str
    status: Status
    additions: int = 0
    deletions: int = 0
    binary: bool = False
    hunks: list[Hunk] = field(default_factory=list)
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two commits; `truncated` where not everything is here."""

    files: list[FileDiff]
    additions: int
    deletions: int
    truncated: bool
    base_sha: str | None = None
    head_sha: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLimits:
    """How much of a diff is worth showing."""

    files: int = 300
    lines: int = 20_000
    file_lines: int = 3_000
    file_bytes: int = 1024 * 1024
    line_characters: int = 2_000
    context: int = 3


def between(
    repository: pygit2.Repository, base: pygit2.Commit | None, head: pygit2.Commit, limits: DiffLimits
) -> Diff:
    """Compare two commits (None: nothing) file by file."""
    if base is None:
        raw = head.tree.diff_to_tree(context_lines=limits.context, swap=True)
    else:
        raw = base.tree.diff_to_tree(head.tree, context_lines=limits.context, interhunk_lines=0)
    _find_renames(repository, raw)
    deltas = list(raw.deltas)
    left = limits.lines
    files = []
    for number, delta in enumerate(deltas[: limits.files]):
        file = _file(repository, raw, number, delta, limits=limits, left=left)
        left -= sum(len(hunk.lines) for hunk in file.hunks)
        files.append(file)
    return Diff(
        files=files,
        additions=sum(file.additions for file in files),
        deletions=sum(file.deletions for file in files),
        truncated=len(deltas) > limits.files or any(file.truncated for file in files),
        base_sha=str(base.id) if base else None,
        head_sha=str(head.id),
    )


def changed_paths(old: pygit2.Commit, new: pygit2.Commit) -> list[str]:
    """List the paths that differ between two commits; what is no text cannot be named and is left out."""
    raw = old.tree.diff_to_tree(new.tree, context_lines=0)
    names = {side.raw_path for delta in raw.deltas for side in (delta.old_file, delta.new_file)}
    shown = (trees.shown(name) for name in names)
    return sorted(path for path in shown if "\N{REPLACEMENT CHARACTER}" not in path)


def _find_renames(repository: pygit2.Repository, raw: pygit2.Diff) -> None:
    ends = [delta for delta in raw.deltas if delta.status in {DeltaStatus.ADDED, DeltaStatus.DELETED}]
    if len(ends) > 2 * _MOST_COMPARED:
        return
    weight = sum(_weight(repository, delta) for delta in ends)
    flags = DiffFind.FIND_RENAMES
    if weight > _MOST_COMPARED_BYTES:
        flags |= DiffFind.FIND_EXACT_MATCH_ONLY
    raw.find_similar(flags=flags, rename_limit=_MOST_COMPARED)


def _weight(repository: pygit2.Repository, delta: pygit2.DiffDelta) -> int:
    return max(trees.size_of(repository, side.id) for side in (delta.old_file, delta.new_file))


def _file(
    repository: pygit2.Repository,
    raw: pygit2.Diff,
    number: int,
    delta: pygit2.DiffDelta,
    *,
    limits: DiffLimits,
    left: int,
) -> FileDiff:
    path, old_path = trees.shown(delta.new_file.raw_path), trees.shown(delta.old_file.raw_path)
    status = _STATUSES.get(delta.status, "modified")
    if _weight(repository, delta) > limits.file_bytes:
        return FileDiff(path, old_path, status, truncated=True)
    patch = raw[number]
    if patch is None or patch.delta.is_binary:
        return FileDiff(path, old_path, status, binary=True)
    _, additions, deletions = patch.line_stats
    hunks, truncated = _hunks(patch, min(left, limits.file_lines), limits.line_characters)
    return FileDiff(path, old_path, status, additions, deletions, hunks=hunks, truncated=truncated)


def _hunks(patch: pygit2.Patch, most: int, width: int) -> tuple[list[Hunk], bool]:
    hunks: list[Hunk] = []
    truncated = False
    for raw in patch.hunks:
        if most <= 0:
            return hunks, True
        lines, cut = _lines(raw, most, width)
        most -= len(lines)
        truncated = truncated or cut
        hunks.append(Hunk(raw.header.rstrip("\n"), lines))
    return hunks, truncated


def _lines(hunk: pygit2.DiffHunk, most: int, width: int) -> tuple[list[Line], bool]:
    lines: list[Line] = []
    truncated = False
    for raw in hunk.lines:
        kind = _LINE_KINDS.get(raw.origin)
        if kind is None:  # the remark that no newline follows
            continue
        if len(lines) == most:
            return lines, True
        content = bytes(raw.raw_content)
        text = content.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
        if len(text) > width:
            text, truncated = f"{text[:width]}…", True
        lines.append(
            Line(kind, _number(raw.old_lineno), _number(raw.new_lineno), text, not content.endswith(b"\n"))
        )
    return lines, truncated


def _number(number: int) -> int | None:
    return number if number > 0 else None
