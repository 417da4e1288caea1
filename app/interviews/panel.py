"""What a conversation with the language model shows: where it stands, and whose turn it is."""

from dataclasses import dataclass
from typing import Any

from app.interviews import queries
from app.interviews.models import Interview

POLL_SECONDS = 2


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A conversation: what the model is saying at this moment, what it asks, or that it is at its end."""

    words: str | None
    speaking: str
    question: dict[str, Any] | None

    @property
    def is_writing(self) -> bool:
        return self.words is not None

    @property
    def poll_seconds(self) -> int | None:
        """Return how soon to ask for it again; None where it is the person's turn."""
        return POLL_SECONDS if self.is_writing else None

    @property
    def is_complete(self) -> bool:
        return not self.is_writing and self.question is None


def talk_of(interview: Interview) -> Talk | None:
    """Return where a conversation stands; None for a form."""
    if not interview.is_talk:
        return None
    run = queries.turn_of(interview)
    words = (run.message or "Waits for its turn") if run is not None else None
    question = next(iter(interview.open_questions), None) if run is None else None
    return Talk(words=words, speaking=interview.speaking, question=question)
