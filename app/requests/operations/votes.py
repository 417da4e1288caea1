"""Saying that one would like to have something, too."""

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.requests import permissions, queries
from app.requests.models import ProductRequest, Vote


def vote(request: ProductRequest, *, by: User) -> None:
    """Vote for a request; a second time changes nothing."""
    _may_vote(by, request)
    if request.is_over:
        raise Conflict("This is over; there is nothing to vote for any more.")
    with transaction():
        if queries.vote_by(by, request) is None:
            session.add(Vote(request_id=request.id, user_id=by.id))
            changed(str(request.id))


def take_vote_back(request: ProductRequest, *, by: User) -> None:
    """Take one's vote back; without one, nothing changes."""
    _may_vote(by, request)
    with transaction():
        given = queries.vote_by(by, request)
        if given is not None:
            session.delete(given)
            changed(str(request.id))


def _may_vote(by: User, request: ProductRequest) -> None:
    if not permissions.can_vote(by, request):
        raise NotAllowed("You can look at this request, not vote for it.")
