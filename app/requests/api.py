"""Requests, for programs."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint

from app.core.paging import Page, paginate
from app.organizations.queries import person_in
from app.projects.queries import project_visible_to
from app.requests import operations, queries
from app.requests.models import Activity, Attachment, ProductRequest
from app.requests.schemas import (
    ActivityOut,
    Assignment,
    AttachmentOut,
    NewActivity,
    NewRequest,
    RequestChange,
    RequestOut,
    RequestsQuery,
)
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.schemas import Paging
from app.web.uploads import uploads

blueprint = Blueprint("requests_api", __name__)


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/requests",
    operation="List project requests",
    query=RequestsQuery,
    answer=RequestOut,
    many=True,
    errors=(404,),
)
def list_requests(id: UUID, query: RequestsQuery) -> Page[RequestOut]:  # noqa: A002 - the contract's name
    """List a project's requests in the order of its board: by hand, then newest first."""
    project = load_or_404(project_visible_to(me(), id))
    page = paginate(queries.requests_on(project, query.filters), page=query.page, limit=query.limit)
    return replace(page, items=[RequestOut.of(request) for request in page.items])


@endpoint(
    blueprint,
    "POST",
    "/projects/<uuid:id>/requests",
    operation="Create request",
    body=NewRequest,
    answer=RequestOut,
    status=201,
    errors=(403, 404),
)
def create_request(id: UUID, body: NewRequest) -> RequestOut:  # noqa: A002 - the contract's name
    """Ask for something on a project's board."""
    project = load_or_404(project_visible_to(me(), id))
    return RequestOut.of(operations.file_request(project, by=me(), **body.what()))


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>",
    operation="Get request details",
    answer=RequestOut,
    errors=(404,),
)
def get_request(id: UUID) -> RequestOut:  # noqa: A002 - the contract's name
    """Return a request, where it stands and whose turn it is."""
    return RequestOut.of(_request(id))


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>",
    operation="Update request",
    body=RequestChange,
    answer=RequestOut,
    errors=(403, 404, 409),
)
def update_request(id: UUID, body: RequestChange) -> RequestOut:  # noqa: A002 - the contract's name
    """Change the words of a request; what is missing stays, and once the work began the words do."""
    request = _request(id)
    operations.edit_request(request, by=me(), **body.what())
    return RequestOut.of(request)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/assign",
    operation="Assign user to request",
    body=Assignment,
    answer=RequestOut,
    errors=(403, 404),
)
def assign_request(id: UUID, body: Assignment) -> RequestOut:  # noqa: A002 - the contract's name
    """Name who works on a request; null for nobody."""
    request = _request(id)
    person = person_in(request.organization_id, body.user_id) if body.user_id else None
    operations.assign(request, by=me(), to=person)
    return RequestOut.of(request)


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
    return paginate(queries.activity_of(_request(id)), page=query.page, limit=query.limit)


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
    return operations.comment(_request(id), by=me(), text=body.text)


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/attachments",
    operation="List a request's pictures and files (ours)",
    answer=AttachmentOut,
    many=True,
    errors=(404,),
)
def list_attachments(id: UUID) -> list[Attachment]:  # noqa: A002 - the contract's name
    """List a request's pictures and files, oldest first; `activityId` is the comment that one came with."""
    return queries.attachments_of(_request(id))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/attachments",
    operation="Add pictures and files to a request (ours)",
    files="files",
    answer=AttachmentOut,
    many=True,
    status=201,
    errors=(403, 404, 413),
)
def add_attachments(id: UUID) -> list[Attachment]:  # noqa: A002 - the contract's name
    """Add files, as `multipart/form-data` in the field `files`; all of them are added or none."""
    return operations.attach(_request(id), uploads(), by=me())


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/attachments/<uuid:attachment_id>",
    operation="Take a picture or file away (ours)",
    status=204,
    errors=(403, 404),
)
def remove_attachment(id: UUID, attachment_id: UUID) -> None:  # noqa: A002 - the contract's name
    """Take away a file: your own, or as an admin of the organization any."""
    operations.remove_file(load_or_404(queries.attachment_in(_request(id), attachment_id)), by=me())


def _request(request_id: UUID) -> ProductRequest:
    return load_or_404(queries.request_visible_to(me(), request_id))
