"""What is told of letters; never what they say."""

from uuid import UUID

from app.letters.models import LetterKind, LetterStatus
from app.web.schemas import Moment, Paging, Schema


class LettersQuery(Paging):
    """Which letters to list."""

    status: LetterStatus | None = None


class LetterState(Schema):
    """How far a letter is; `trouble` says why it did not go, the last time it was tried."""

    status: LetterStatus
    tries: int
    trouble: str | None
    next_try_at: Moment | None
    ended_at: Moment | None


class LetterOut(LetterState):
    """A letter, without what it says."""

    id: UUID
    kind: LetterKind
    recipient: str
    created_at: Moment
