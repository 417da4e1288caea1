"""What shall run behind the gateway, and what the keeper says does run."""

from app.engine.instances.models import Desired, Instance, InstanceMoved, InstanceState, mark_of, socket_path
from app.engine.instances.wishes import (
    await_ready,
    forget_gone,
    is_given_up,
    let_sleep_after,
    note_visit,
    remove,
    restart,
    ring_keeper,
    sleep,
    state_of,
    wake,
    want,
    why_it_failed,
)

__all__ = [
    "Desired",
    "Instance",
    "InstanceMoved",
    "InstanceState",
    "await_ready",
    "forget_gone",
    "is_given_up",
    "let_sleep_after",
    "mark_of",
    "note_visit",
    "remove",
    "restart",
    "ring_keeper",
    "sleep",
    "socket_path",
    "state_of",
    "wake",
    "want",
    "why_it_failed",
]
