"""Saying something of a request or a comment without words."""

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import NotAllowed
from app.requests import permissions, queries
from app.requests.models import Activity, ProductRequest, Reaction, ReactionKind


def react(
    request: ProductRequest, kind: ReactionKind, *, by: User, reacted: bool, to: Activity | None = None
) -> None:
    """React to a request, or to a comment on it, or take that back; each person once with each kind."""
    if not permissions.can_comment(by, request):
        raise NotAllowed("You can look at this request, not react to it.")
    with transaction():
        mine = queries.reaction_of(by, kind, request, to)
        if reacted and mine is None:
            comment_id = to.id if to is not None else None
            session.add(Reaction(request_id=request.id, activity_id=comment_id, user_id=by.id, kind=kind))
        elif not reacted and mine is not None:
            session.delete(mine)
        changed(str(request.id))
