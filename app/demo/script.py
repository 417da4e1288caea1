"""What the people of the demo do, step by step: the words of its stories, without a database."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.requests.models import RequestPriority, RequestType

YOU = "you"
_SITE = Path(__file__).parent / "site"


@dataclass(frozen=True)
class Part:
    """Somebody of the demo: what they are called and what they may."""

    name: str
    email: str
    role: str


@dataclass(frozen=True)
class Say:
    """Leave a comment."""

    who: str
    text: str


@dataclass(frozen=True)
class Ask:
    """Begin the questions; the first `answers` of them are left to whoever builds it."""

    answers: int = 0


@dataclass(frozen=True)
class Agree:
    """Accept how it will be checked."""

    criteria: str


@dataclass(frozen=True)
class Claim:
    """Say that it is theirs to make."""

    who: str


@dataclass(frozen=True)
class Take:
    """Begin the work by hand."""

    who: str


@dataclass(frozen=True)
class Edit:
    """New words in place of some that stand in a file exactly once."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Push:
    """Commit some edits to the request's branch."""

    who: str
    message: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Try:
    """Wait until it can be tried."""


@dataclass(frozen=True)
class WantChanges:
    """Say what should be different."""

    feedback: str


@dataclass(frozen=True)
class Accept:
    """Accept what can be tried."""


@dataclass(frozen=True)
class Offer:
    """Offer what was accepted for merging."""

    who: str


@dataclass(frozen=True)
class Merge:
    """Put it live."""

    who: str


@dataclass(frozen=True)
class Drop:
    """Drop the request, with the reason."""

    who: str
    reason: str


Step = Say | Ask | Agree | Claim | Take | Push | Try | WantChanges | Accept | Offer | Merge | Drop


@dataclass(frozen=True, kw_only=True)
class Story:
    """One request of the demo, from what was asked to where it stands in the end."""

    key: str
    by: str
    title: str
    description: str
    type: RequestType = RequestType.ENHANCEMENT
    priority: RequestPriority = RequestPriority.MEDIUM
    labels: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@cache
def site() -> dict[str, bytes]:
    """Return the files of the sample project by their paths."""
    files = sorted(path for path in _SITE.rglob("*") if path.is_file())
    return {path.relative_to(_SITE).as_posix(): path.read_bytes() for path in files}
