"""Pictures and files as they go out."""

from uuid import UUID

from app.organizations.schemas import PersonRef
from app.web.schemas import Moment, Schema


class AttachmentOut(Schema):
    """A picture or file of a request; `url` gives its bytes to whoever may see the request."""

    id: UUID
    name: str
    content_type: str
    size: int
    width: int | None
    height: int | None
    uploader: PersonRef | None
    activity_id: UUID | None
    url: str
    created_at: Moment
