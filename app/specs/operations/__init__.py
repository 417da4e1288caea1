"""What is done with specs: ask for one, write it, work with its document, make requests of its stories."""

from app.specs.operations.asking import (
    UNLIMITED,
    InsufficientCredits,
    MissingContext,
    QueueFull,
    ask_for_spec,
    credits_remaining,
    organization_for,
)
from app.specs.operations.editing import edit_story, mark_criterion
from app.specs.operations.requesting import ask_for_story, outset_of
from app.specs.operations.waiting import StillWriting, wait_for
from app.specs.operations.writing import cancel_spec, retry_spec, write_spec, write_spec_by_model

__all__ = [
    "UNLIMITED",
    "InsufficientCredits",
    "MissingContext",
    "QueueFull",
    "StillWriting",
    "ask_for_spec",
    "ask_for_story",
    "cancel_spec",
    "credits_remaining",
    "edit_story",
    "mark_criterion",
    "organization_for",
    "outset_of",
    "retry_spec",
    "wait_for",
    "write_spec",
    "write_spec_by_model",
]
