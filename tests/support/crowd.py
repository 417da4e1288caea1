"""Very many requests in one project, in all the states that need nothing beside them."""

from datetime import timedelta

from sqlalchemy import func, insert, select

from app.accounts.models import User
from app.core.clock import now
from app.core.db import session, transaction
from app.core.ids import uuid7
from app.projects.models import Project
from app.requests.models import (
    Delivery,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
)

_STATES = [
    (RequestStatus.DRAFT, TurnRole.REQUESTER),
    (RequestStatus.INTERVIEWING, TurnRole.REQUESTER),
    (RequestStatus.READY, TurnRole.DEVELOPER),
    (RequestStatus.MERGED, TurnRole.NOBODY),
    (RequestStatus.CANCELLED, TurnRole.NOBODY),
]
_WISHES = ("Show the opening hours", "Sort by price", "Mend the menu on phones", "Let me print the receipt")


def fill_board(project: Project, *, by: User, count: int) -> None:
    """Add requests until the project has `count` of them."""
    have = session.scalar(select(func.count()).where(ProductRequest.project_id == project.id)) or 0
    top = session.scalar(
        select(func.max(ProductRequest.number)).where(ProductRequest.project_id == project.id)
    )
    rows = [_row(project, by, (top or 0) + each) for each in range(1, count - have + 1)]
    with transaction():
        session.execute(insert(ProductRequest), rows)
        project.last_number = (top or 0) + len(rows)


def _row(project: Project, by: User, number: int) -> dict[str, object]:
    status, turn = _STATES[number % len(_STATES)]
    at = now() - timedelta(minutes=number)
    return {
        "id": uuid7(),
        "project_id": project.id,
        "number": number,
        "title": f"{_WISHES[number % len(_WISHES)]} ({number})",
        "description": "As people asked for it more than once.",
        "type": list(RequestType)[number % len(RequestType)],
        "priority": list(RequestPriority)[number % len(RequestPriority)],
        "status": status,
        "position": float(number),
        "requester_id": by.id,
        "turn_role": turn,
        "turn_user_id": by.id if turn is TurnRole.REQUESTER else None,
        "turn_since": at,
        "created_at": at,
        "updated_at": at,
        "merged_at": at if status is RequestStatus.MERGED else None,
        "delivery": Delivery.HELD if status is RequestStatus.MERGED else None,
        "version": 1,
    }
