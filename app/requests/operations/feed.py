"""What is left in a request's feed."""

from typing import Any

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import NotAllowed
from app.core.holding import hold
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


def keep_edits(request: ProductRequest, edits: list[dict[str, str]], *, by: User, words: str) -> None:
    """Keep what somebody pointed at until the work starts; what was kept before is replaced."""
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can say what should change.")
    with transaction():
        hold(request)
        request.edits = edits
        record(request, ActivityType.DEVELOPMENT, words, by=by, payload={"edits": edits})
