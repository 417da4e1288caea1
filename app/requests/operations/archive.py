"""What lies still is put away, off the board, and found again by search."""

from datetime import timedelta

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import Conflict, NotAllowed
from app.requests import permissions, queries
from app.requests.models import ActivityType, ProductRequest
from app.requests.operations.feed import record

AT_ONCE = 200


def archive(request: ProductRequest, *, by: User) -> None:
    """Put a request at rest away; it stays readable, and comes back as soon as it moves."""
    _may_put_away(by, request)
    if not request.is_at_rest:
        raise Conflict("Something runs for this, or somebody is to try it. Put it away once it is at rest.")
    if request.archived_at is None:
        _put_away(request, "put this away", by=by)


def unarchive(request: ProductRequest, *, by: User) -> None:
    """Put a request back on the board."""
    _may_put_away(by, request)
    with transaction():
        if request.archived_at is not None:
            request.archived_at = None
            record(request, ActivityType.SYSTEM, "put this back on the board", by=by)
            changed(f"board:{request.project_id}")


def archive_stale() -> int:
    """Put away what has lain still for as long as its project says; called by the schedule."""
    done = 0
    for project in queries.projects_that_tidy_up():
        days = project.archive_after_days
        with transaction():
            for request in queries.untouched_since(project, now() - timedelta(days=days), AT_ONCE):
                _put_away(request, f"Nothing happened to this for {days} days, so it was put away.", by=None)
                done += 1
    return done


def _put_away(request: ProductRequest, words: str, *, by: User | None) -> None:
    with transaction():
        request.archived_at = now()
        record(request, ActivityType.SYSTEM, words, by=by)
        changed(f"board:{request.project_id}")


def _may_put_away(by: User, request: ProductRequest) -> None:
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, puts it away or brings it back.")
