"""What the inbox gives."""

from uuid import UUID

from app.web.schemas import Moment, Paging, Schema


class InboxQuery(Paging):
    """Which notifications to list."""

    unread: bool = False


class NotificationOut(Schema):
    """One thing that the caller was told; `path` is where it is about, on the main site."""

    id: UUID
    organization_id: UUID
    kind: str
    text: str
    path: str
    subject_id: str | None
    needs_you: bool
    created_at: Moment
    read_at: Moment | None


class ReadOut(Schema):
    """How many notifications were marked as read."""

    read: int
