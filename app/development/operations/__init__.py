"""What is done with development: start, work, hand over to a person, stop, begin anew."""

from app.development.operations.pushes import (
    finish_by_hand,
    follow_branch,
    hear_missed_pushes,
    mark_ready,
    note_push,
    sync,
    sync_waiting,
)
from app.development.operations.rounds import follow_request, restart_after_changes
from app.development.operations.sessions import (
    AWAIT_PERSON,
    PATIENCE,
    complete,
    develop,
    develop_at_length,
    open_for,
    retry,
    start,
    tell_of_end,
)
from app.development.operations.stops import cancel, end_with, reset
from app.development.operations.truth import disagreements

__all__ = [
    "AWAIT_PERSON",
    "PATIENCE",
    "cancel",
    "complete",
    "develop",
    "develop_at_length",
    "disagreements",
    "end_with",
    "finish_by_hand",
    "follow_branch",
    "follow_request",
    "hear_missed_pushes",
    "mark_ready",
    "note_push",
    "open_for",
    "reset",
    "restart_after_changes",
    "retry",
    "start",
    "sync",
    "sync_waiting",
    "tell_of_end",
]
