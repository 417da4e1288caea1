"""What happened to a request, for programs."""

from uuid import UUID

from app.core.paging import Page, paginate
from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import Activity
from app.requests.schemas import ActivityOut, NewActivity
from app.web.api import endpoint
from app.web.guards import me
from app.web.schemas import Paging


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/activity",
    operation="List request activity",
    query=Paging,
    answer=ActivityOut,
    many=True,
    errors=(404,),
)
def list_activity(id: UUID, query: Paging) -> Page[Activity]:  # noqa: A002 - the contract's name
    """List what happened to a request, newest first."""
    return paginate(queries.activity_of(find_request(id)), page=query.page, limit=query.limit)


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
