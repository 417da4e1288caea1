"""The ledger: one row for every piece of work with a life, so that a state never lies.

The database is the truth. A run is taken by compare-and-set, its lease is renewed while somebody works on it,
and every state that is not final has a deadline. The sweeper ends or requeues what nobody holds any more.
"""

from app.core.ledger.book import (
    cancel,
    fail,
    finish,
    is_waited_for,
    latest,
    lock,
    open_queued,
    open_run,
    open_waiting,
    seconds_spent,
    when_ended,
)
from app.core.ledger.runs import OPEN, Lock, Run, RunState, exclusively
from app.core.ledger.sweeping import disagreements, is_ending, is_overdue, patience, sweep, unheard
from app.core.ledger.working import Lost, RunHandle, current, held, requeue, take, work

__all__ = [
    "OPEN",
    "Lock",
    "Lost",
    "Run",
    "RunHandle",
    "RunState",
    "cancel",
    "current",
    "disagreements",
    "exclusively",
    "fail",
    "finish",
    "held",
    "is_ending",
    "is_overdue",
    "is_waited_for",
    "latest",
    "lock",
    "open_queued",
    "open_run",
    "open_waiting",
    "patience",
    "requeue",
    "seconds_spent",
    "sweep",
    "take",
    "unheard",
    "when_ended",
    "work",
]
