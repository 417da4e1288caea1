"""What is left in a request's feed: what happened, and what people say."""

from typing import Any

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import Invalid, NotAllowed
from app.requests import permissions
from app.requests.models import Activity, ActivityType, ProductRequest


def record(
    request: ProductRequest,
    kind: ActivityType,
    text: str,
    *,
    by: User | None,
    payload: dict[str, Any] | None = None,
) -> Activity:
    """Leave an entry in a request's feed."""
    entry = Activity(request_id=request.id, type=kind, actor=by, text=text, payload=payload or {})
    with transaction():
        session.add(entry)
        changed(str(request.id))
    return entry


def comment(request: ProductRequest, *, by: User, text: str) -> Activity:
    """Say something about a request."""
    if not permissions.can_comment(by, request):
        raise NotAllowed("You can look at this request, not comment on it.")
    if not text.strip():
        raise Invalid.field("text", "Write something first.", type="missing")
    return record(request, ActivityType.COMMENT, text.strip(), by=by)
