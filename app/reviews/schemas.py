"""The shapes of reviews."""

import json
from collections.abc import Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any, Literal

from pydantic import Field

from app.requests.models import ProductRequest, RequestStatus
from app.requests.pins import MOST_PINS, clean_pins
from app.reviews import queries
from app.reviews.models import PullRequest, PullRequestStatus
from app.reviews.operations import LONGEST_FEEDBACK
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
