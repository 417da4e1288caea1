"""Pictures and files of requests, for programs."""

from uuid import UUID

from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import Attachment
from app.requests.schemas import AttachmentOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.uploads import uploads


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
    return queries.attachments_of(find_request(id))


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
    return operations.attach(find_request(id), uploads(), by=me())


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
    operations.remove_file(load_or_404(queries.attachment_in(find_request(id), attachment_id)), by=me())
