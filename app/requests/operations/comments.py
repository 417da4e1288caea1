"""What people say of a request."""

from collections.abc import Collection

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Invalid, NotAllowed
from app.requests import permissions
from app.requests.models import Activity, ActivityType, Attachment, ProductRequest
from app.requests.operations.attachments import give
from app.requests.operations.feed import record


def comment(
    request: ProductRequest, *, by: User, text: str, attachments: Collection[Attachment] = ()
) -> Activity:
    """Say something about a request, in words, pictures or files."""
    if not permissions.can_comment(by, request):
        raise NotAllowed("You can look at this request, not comment on it.")
    if not text.strip() and not attachments:
        raise Invalid.field("text", "Write something first.", type="missing")
    with transaction():
        said = record(request, ActivityType.COMMENT, text.strip(), by=by)
        session.flush()  # its files refer to it
        give(request, attachments, by=by, to=said)
    return said
