"""What becomes of requests when somebody goes."""

from app.accounts.models import User
from app.core.db import transaction
from app.requests.models import ActivityType, ProductRequest
from app.requests.operations.feed import record
from app.requests.operations.turns import pass_turn


def hand_over(request: ProductRequest, *, to: User, by: User | None) -> None:
    """Let a request be somebody else's, who asks for it from now on."""
    with transaction():
        before, request.requester = request.requester.name, to
        pass_turn(request)
        record(request, ActivityType.ASSIGNMENT, f"handed this from {before} to {to.name}", by=by)


def unassign(request: ProductRequest) -> None:
    """Let nobody in particular work on a request."""
    with transaction():
        request.assignee = None
        pass_turn(request)
