"""Wait for a spec to be written, without a connection to the database and without keeping others out."""

import threading
import time

from app.core.changes import listener
from app.core.db import let_go
from app.core.errors import DomainError, TooMany
from app.specs import queries
from app.specs.models import Spec

LONGEST = 300.0
MOST_WAITING = 24
_LOOK_AGAIN = 5.0
_seats = threading.BoundedSemaphore(MOST_WAITING)


class StillWriting(DomainError):
    """It is not done in the time that a call may take; it goes on being written."""

    status = 504
    type = "still_writing"

    def __init__(self, spec_id: str) -> None:
        super().__init__(f"This takes longer. It goes on: ask for /spec-status/{spec_id}.")
        self.facts = {"specId": spec_id}
        self.retry_after = 10


class TooManyWaiting(TooMany):
    """All seats for calls that wait are taken."""

    type = "RATE_LIMITED"

    def __init__(self, spec_id: str) -> None:
        super().__init__(
            f"Too many calls wait at this moment. This one is being written: ask for /spec-status/{spec_id}."
        )
        self.facts = {"specId": spec_id}
        self.retry_after = 5


def wait_for(spec: Spec) -> None:
    """Come back once a spec is written or has failed."""
    if not _seats.acquire(blocking=False):
        raise TooManyWaiting(spec.id)
    try:
        until = time.monotonic() + LONGEST
        with listener.listening(spec.id) as woken:
            while queries.status_of(spec.id).ended_at is None:
                let_go()
                remaining = until - time.monotonic()
                if remaining <= 0 or woken is None:
                    raise StillWriting(spec.id)
                woken.wait(min(remaining, _LOOK_AGAIN))
                woken.clear()
    finally:
        _seats.release()
