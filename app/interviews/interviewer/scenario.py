"""One thing to check."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scenario:
    """A title and steps; `question_ids` are the answers that it came from."""

    title: str
    steps: list[str]
    question_ids: list[str] = field(default_factory=list)
