"""What is left in a request's feed."""

from typing import Any

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
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
