"""What a request changes, made ready to be read: files, lines in colours, and what is said about them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

from markupsafe import Markup, escape

from app.accounts.models import User
from app.core.errors import NotFound, TooLarge
from app.engine.repositories import Diff, FileDiff, Line, Place, Repository
from app.projects.queries import repository_of
from app.requests.models import ProductRequest
from app.reviews import permissions, queries
from app.reviews.colours import MOST_CHARACTERS, coloured
from app.reviews.models import LineComment, LineThread, Side

OPEN_FILES, OPEN_LINES = 20, 1_500
_AT = re.compile(r"([0-9a-f]{10})([no])([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class Asked:
    """The line that somebody wants to say something about."""

    key: str
    side: Side
    line: int

    @classmethod
    def read(cls, at: str | None) -> "Asked | None":
        """Read it from an address; None where it names no line."""
        found = _AT.fullmatch(at or "")
        if found is None:
            return None
        return cls(found[1], Side.NEW if found[2] == "n" else Side.OLD, int(found[3]))

    def __str__(self) -> str:
        return f"{self.key}{self.side.value[0]}{self.line}"


@dataclass(frozen=True, kw_only=True)
class PlacedThread:
    """What is said about lines, and where these are now; None once they are gone."""

    thread: LineThread
    now: Place | None

    @property
    def is_outdated(self) -> bool:
        return self.now is None


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """One line, with what is said below it."""

    kind: str
    old: int | None
    new: int | None
    html: Markup
    at: str
    threads: list[PlacedThread]
    is_asked: bool


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """One file of a change; without `groups` until somebody opens it."""

    file: FileDiff
    key: str
    is_loaded: bool
    groups: list[tuple[str, list[ShownLine]]] = field(default_factory=list)
    elsewhere: list[PlacedThread] = field(default_factory=list)
    open_threads: int = 0


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a request changes, for one person."""

    request: ProductRequest
    user: User
    diff: Diff | None
    files: list[ShownFile]
    gone: list[PlacedThread]
    asked: Asked | None

    @property
    def path(self) -> str:
        return f"{self.request.path}/diff"

    @property
    def may_comment(self) -> bool:
        return permissions.can_comment_on_lines(self.user, self.request)

    def may_resolve(self, thread: LineThread) -> bool:
        return permissions.can_resolve(self.user, thread)

    def may_edit(self, comment: LineComment) -> bool:
        return permissions.can_edit_comment(self.user, comment)

    def version_of(self, side: Side) -> str:
        """Return the commit whose lines are shown on a side."""
        sha = None if self.diff is None else self.diff.head_sha if side is Side.NEW else self.diff.base_sha
        return sha or ""

    def file_at(self, key: str) -> ShownFile | None:
        return next((file for file in self.files if file.key == key), None)


def key_of(path: str) -> str:
    """Return what stands for a file in an address."""
    return blake2b(path.encode(), digest_size=5).hexdigest()


def changes_of(
    request: ProductRequest,
    user: User,
    *,
    only: str | None = None,
    asked: Asked | None = None,
    thread_id: UUID | None = None,
) -> Changes:
    """Return what a request changes; `only` loads one file, so does a line asked for, or a thread."""
    diff = queries.diff_of(request)
    repository = repository_of(request.project)
    placed = [_place(repository, diff, thread) for thread in queries.threads_of(request)]
    sought = next((each for each in placed if each.thread.id == thread_id), None)
    names = _names(diff)
    only = (asked.key if asked else None) or only or (_file_of(sought, names) if sought else None)
    reader = _Reader(repository, diff, asked)
    return Changes(
        request=request,
        user=user,
        diff=diff,
        files=list(reader.files(placed, names, only=only)),
        gone=[each for each in placed if _file_of(each, names) is None],
        asked=asked,
    )


def _place(repository: Repository, diff: Diff | None, thread: LineThread) -> PlacedThread:
    at = None if diff is None else diff.head_sha if thread.side is Side.NEW else diff.base_sha
    try:
        now = repository.follow_lines(thread.place, since=thread.commit_sha, at=at) if at else None
    except NotFound:  # what it was said about was pushed away
        now = None
    return PlacedThread(thread=thread, now=now)


def where_now(request: ProductRequest, threads: Iterable[LineThread]) -> list[PlacedThread]:
    """Say of each thread where its lines are now."""
    diff, repository = queries.diff_of(request), repository_of(request.project)
    return [_place(repository, diff, thread) for thread in threads]


def _names(diff: Diff | None) -> dict[tuple[Side, str], str]:
    """Return the key of each file by what it is called on either side."""
    names = {}
    for file in diff.files if diff else []:
        names[Side.OLD, file.old_path or file.path] = key_of(file.path)
        names[Side.NEW, file.path] = key_of(file.path)
    return names


def _file_of(placed: PlacedThread, names: dict[tuple[Side, str], str]) -> str | None:
    path = placed.now.path if placed.now is not None else placed.thread.path
    return names.get((placed.thread.side, path))


class _Reader:
    """Reads the files of a change, the first of them, or the one that is asked for."""

    def __init__(self, repository: Repository, diff: Diff | None, asked: Asked | None) -> None:
        self._repository = repository
        self._diff = diff
        self._asked = asked

    def files(
        self, placed: list[PlacedThread], names: dict[tuple[Side, str], str], *, only: str | None
    ) -> Iterable[ShownFile]:
        left = OPEN_LINES
        for number, file in enumerate(self._diff.files if self._diff else []):
            key = key_of(file.path)
            said = [each for each in placed if _file_of(each, names) == key]
            size = sum(len(hunk.lines) for hunk in file.hunks)
            is_loaded = key == only if only else (number < OPEN_FILES and size <= left)
            left -= size if is_loaded else 0
            yield self._file(file, key, said, is_loaded=is_loaded)

    def _file(self, file: FileDiff, key: str, said: list[PlacedThread], *, is_loaded: bool) -> ShownFile:
        count = sum(not each.thread.is_resolved for each in said)
        if not is_loaded:
            return ShownFile(file=file, key=key, is_loaded=False, open_threads=count)
        old = self._colours(file, file.old_path or file.path, self._diff.base_sha if self._diff else None)
        new = self._colours(file, file.path, self._diff.head_sha if self._diff else None)
        left = list(said)
        groups = [
            (hunk.header, [self._line(line, key, left, old=old, new=new) for line in hunk.lines])
            for hunk in file.hunks
        ]
        return ShownFile(
            file=file, key=key, is_loaded=True, groups=groups, elsewhere=left, open_threads=count
        )

    def _colours(self, file: FileDiff, path: str, commit: str | None) -> tuple[Markup, ...]:
        if commit is None or not file.hunks:
            return ()
        try:
            held = self._repository.blob(commit, path, max_bytes=MOST_CHARACTERS)
        except (NotFound, TooLarge):
            return ()
        return coloured(path, held.decode("utf-8", "replace").replace("\r\n", "\n"))

    def _line(
        self,
        line: Line,
        key: str,
        said: list[PlacedThread],
        *,
        old: tuple[Markup, ...],
        new: tuple[Markup, ...],
    ) -> ShownLine:
        side, number = (Side.OLD, line.old) if line.kind == "-" else (Side.NEW, line.new)
        here = [each for each in said if _ends_at(each, line)]
        for each in here:
            said.remove(each)
        asked = Asked(key, side, number or 0)
        return ShownLine(
            kind=line.kind,
            old=line.old,
            new=line.new,
            html=_in_colours(line.text, number or 0, old if side is Side.OLD else new),
            at=str(asked),
            threads=here,
            is_asked=asked == self._asked,
        )


def _ends_at(placed: PlacedThread, line: Line) -> bool:
    if placed.now is None:
        return False
    return placed.now.last == (line.old if placed.thread.side is Side.OLD else line.new)


def _in_colours(text: str, number: int, lines: tuple[Markup, ...]) -> Markup:
    """Return a line in colours, where that is just this line: a long one was cut."""
    if 1 <= number <= len(lines) and not text.endswith("…"):
        return lines[number - 1]
    return escape(text)
