"""The shapes of reviews."""

import json
from collections.abc import Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.engine.repositories import Place
from app.organizations.schemas import PersonRef
from app.requests.models import ProductRequest, RequestStatus
from app.requests.pins import MOST_PINS, clean_pins
from app.reviews import queries
from app.reviews.changes import PlacedThread
from app.reviews.models import PullRequest, PullRequestStatus, Side
from app.reviews.operations import LONGEST_COMMENT, LONGEST_FEEDBACK
from app.web.schemas import Moment, Schema


class OpenPullRequest(Schema):
    """What the pull request shall say; by default the request's own words."""

    title: str | None = Field(None, max_length=200)
    body: str | None = Field(None, max_length=20_000)


class PullRequestOut(Schema):
    """A pull request, and whether it merges."""

    number: int
    url: str
    title: str
    status: PullRequestStatus
    mergeable: Literal["clean", "conflicting", "checking"]
    conflicts: list[str]
    head_sha: str
    base_branch: str
    merge_sha: str | None
    created_at: Moment
    merged_at: Moment | None
    closed_at: Moment | None
    request_status: RequestStatus

    @classmethod
    def of(cls, pull: PullRequest, request: ProductRequest) -> "PullRequestOut":
        """Write a pull request; whether it merges is tried while it is open."""
        found = queries.mergeability(request) if pull.is_open else queries.Mergeability("clean")
        return cls(
            number=pull.number,
            url=pull.url,
            title=pull.title,
            status=pull.status,
            mergeable=found.state,
            conflicts=found.conflicts,
            head_sha=pull.head_sha,
            base_branch=pull.base_branch,
            merge_sha=pull.merge_sha,
            created_at=pull.created_at,
            merged_at=pull.merged_at,
            closed_at=pull.closed_at,
            request_status=request.status,
        )


Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_COMMENT)]


class NewLineComment(Schema):
    """Something to say about a line of a change, or about the lines from `first` to it."""

    text: Words
    commit: str | None = Field(None, max_length=64)
    first: int | None = Field(None, ge=1)


class NewThread(Schema):
    """Something to say about lines of a file; `commitSha` names the version that was looked at."""

    path: str = Field(min_length=1, max_length=2_000)
    side: Side = Side.NEW
    commit_sha: str | None = Field(None, max_length=64)
    first_line: int = Field(ge=1)
    last_line: int | None = Field(None, ge=1)
    text: Words

    @property
    def place(self) -> Place:
        return Place(self.path, self.first_line, self.last_line or self.first_line)


class LineCommentOut(Schema):
    """One thing that was said about lines; without an author when that account is gone."""

    id: UUID
    author: PersonRef | None
    text: str
    created_at: Moment
    edited_at: Moment | None


class ThreadOut(Schema):
    """What is said about lines: as they were then, and where they are now."""

    id: UUID
    path: str
    side: Side
    commit_sha: str
    first_line: int
    last_line: int
    lines: list[str]
    outdated: bool
    current_path: str | None
    current_first_line: int | None
    current_last_line: int | None
    resolved: bool
    resolved_at: Moment | None
    resolved_by: PersonRef | None
    comments: list[LineCommentOut]
    created_at: Moment

    @classmethod
    def of(cls, placed: PlacedThread) -> "ThreadOut":
        """Show a thread."""
        thread, now = placed.thread, placed.now
        plain = {name: getattr(thread, name) for name in cls.model_fields if hasattr(thread, name)}
        current = {
            "current_path": now.path if now else None,
            "current_first_line": now.first if now else None,
            "current_last_line": now.last if now else None,
        }
        return cls.model_validate(
            {**plain, **current, "outdated": placed.is_outdated, "resolved": thread.is_resolved}
        )


class LineOut(Schema):
    """One line; `old` and `new` are its numbers on either side."""

    kind: Literal[" ", "+", "-"]
    old: int | None
    new: int | None
    text: str


class HunkOut(Schema):
    """Lines that changed together, with their surroundings."""

    header: str
    lines: list[LineOut]


class FileDiffOut(Schema):
    """What became of one file."""

    path: str
    old_path: str
    status: Literal["added", "deleted", "modified", "renamed", "retyped"]
    additions: int
    deletions: int
    binary: bool
    truncated: bool
    hunks: list[HunkOut]


class DiffOut(Schema):
    """What a request changes, compared with main; `truncated` where not all of it is here."""

    base_sha: str | None
    head_sha: str | None
    additions: int
    deletions: int
    truncated: bool
    files: list[FileDiffOut]


class LineWords(Schema):
    """What somebody says about lines."""

    text: Words


class Resolution(Schema):
    """Whether what was said about lines is done."""

    resolved: bool = False


class AcceptForm(Schema):
    """The version that is accepted."""

    commit: str = Field(min_length=7, max_length=64)
    ticked: list[int] = Field(default_factory=list, max_length=1000)


class ChangeForm(Schema):
    """What should be different, and what was pointed at."""

    feedback: str = Field("", max_length=LONGEST_FEEDBACK)
    pin: list[str] = Field(default_factory=list, max_length=MOST_PINS)
    note: list[str] = Field(default_factory=list, max_length=MOST_PINS)
    page: str = Field("", max_length=2_000)
    selector: str = Field("", max_length=2_000)
    text: str = Field("", max_length=2_000)

    @property
    def element(self) -> dict[str, str]:
        return {"page": self.page, "selector": self.selector, "text": self.text}

    @property
    def elements(self) -> list[dict[str, Any]]:
        return pins_in(self.pin, self.note)


class QuestionForm(Schema):
    """A question, and the page and version it is about."""

    text: str = Field(min_length=1, max_length=20_000)
    page: str = Field("", max_length=2_000)
    commit: str = Field("", max_length=64)


def pins_in(written: Sequence[str], notes: Sequence[str]) -> list[dict[str, Any]]:
    """Read pins as a form carries them: what was pointed at as JSON, the note that goes with it beside it."""
    read: list[dict[str, Any]] = []
    for text, note in zip_longest(written[:MOST_PINS], notes[: len(written)], fillvalue=""):
        with suppress(ValueError, RecursionError):
            pin = json.loads(text)
            if isinstance(pin, dict):
                read.append({**pin, "note": note})
    return clean_pins(read)
