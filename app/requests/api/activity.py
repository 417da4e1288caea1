"""What happened to a request, for programs."""

from uuid import UUID

from app.core.paging import Page, from_cursor, paginate, with_cursor
from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import Activity
from app.requests.schemas import ActivityOut, ActivityQuery, NewActivity
from app.web.api import endpoint
from app.web.guards import me


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/activity",
    operation="List request activity",
    query=ActivityQuery,
    answer=ActivityOut,
    many=True,
    errors=(404,),
)
def list_activity(id: UUID, query: ActivityQuery) -> Page[Activity]:  # noqa: A002 - the contract's name
    """List what happened to a request, newest first, all or some kinds of it, by page or from an entry on.

    `before` an entry goes on backwards from it; `after` an entry, oldest first, is for following along. What
    to give there next stands in `meta.nextCursor`.
    """
    found = queries.activity_narrowed(
        find_request(id),
        types=query.type,
        actor_id=query.actor_id,
        since=query.since,
        oldest_first=query.after is not None,
    )
    found = from_cursor(found, Activity.id, before=query.before, after=query.after)
    return with_cursor(paginate(found, page=query.page, limit=query.limit))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/activity",
    operation="Add activity entry",
    body=NewActivity,
    answer=ActivityOut,
    status=201,
    errors=(403, 404),
)
def add_activity(id: UUID, body: NewActivity) -> Activity:  # noqa: A002 - the contract's name
    """Say something about a request."""
    return operations.comment(find_request(id), by=me(), text=body.text)
