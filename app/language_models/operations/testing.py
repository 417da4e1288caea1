"""Ask the language model something tiny, and say how that went."""

import time
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from app.accounts.models import User
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, Failed
from app.integrations.language_model import Endpoint, Material, OpenAICompatible, Patience, Task, Usage
from app.language_models.models import ModelSettings, model_settings
from app.language_models.operations.setting_up import may_set_up
from app.language_models.queries import model_behind

LONGEST_SECONDS = 30.0
_SILENCE_SECONDS = 15.0


class _Sum(BaseModel):
    total: Literal[5]


_TASK = Task(
    instructions="Add the two numbers of the document.",
    material=[Material("numbers", "2 and 3")],
    shape=_Sum,
    most_tokens=300,
)


@dataclass(frozen=True)
class Outcome:
    """How a test went: `works`, or the code of what went wrong, with a sentence about it."""

    code: str
    words: str
    milliseconds: int

    @property
    def works(self) -> bool:
        return self.code == "works"


def test(*, by: User) -> Outcome:
    """Ask the language model a small thing in the form that all is asked in; it counts as nobody's use."""
    may_set_up(by)
    behind = model_behind(model_settings())
    if behind is None:
        raise Conflict("There is no language model to test. Say first where one answers.")
    let_go()
    outcome = _ask(behind.endpoint)
    with transaction():
        kept = model_settings() or ModelSettings()
        if model_behind(kept) == behind:
            session.add(kept)
            kept.tested_at, kept.test_code = now(), outcome.code
            kept.test_words, kept.test_ms = outcome.words, outcome.milliseconds
    return outcome


class _Watch:
    """Takes the time from the moment of the asking on: what the first one loads of ours does not count."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    def admit(self, most: Usage) -> None:  # noqa: ARG002 - a test is nobody's use
        self.begun = time.monotonic()

    def note(self, usage: Usage) -> None:
        """Count nothing."""


def _ask(endpoint: Endpoint) -> Outcome:
    watch = _Watch()
    patience = Patience(is_over=lambda: watch.seconds > LONGEST_SECONDS)
    model = OpenAICompatible(endpoint, silence_seconds=_SILENCE_SECONDS, meter=watch, tries=1, repairs=0)
    try:
        model.write(_TASK, patience)
    except Failed as trouble:
        code, words = trouble.code, f"{trouble.message} {trouble.suggestion or ''}".strip()
    except Cancelled:
        code, words = "model_slow", f"The model {model.name} took longer than {LONGEST_SECONDS:g} seconds."
    else:
        code, words = "works", f"The model {model.name} answered in the form that it was asked for."
    return Outcome(code, words, round(watch.seconds * 1000))
