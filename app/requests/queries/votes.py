"""Who would like to have a request."""

from sqlalchemy import Select, select

from app.accounts.models import User
from app.core.db import session
from app.requests.models import ProductRequest, Vote


def votes_of(request: ProductRequest) -> list[Vote]:
    """Return the votes for a request, in the order in which they came."""
    query = select(Vote).where(Vote.request_id == request.id).order_by(Vote.created_at, Vote.user_id)
    return list(session.scalars(query).unique())


def voters_for(request: ProductRequest) -> Select[User]:
    """Return who voted for a request, in the order in which they did."""
    return (
        select(User)
        .join(Vote, Vote.user_id == User.id)
        .where(Vote.request_id == request.id)
        .order_by(Vote.created_at, User.id)
    )


def vote_by(user: User, request: ProductRequest) -> Vote | None:
    """Return a person's vote for a request."""
    return session.get(Vote, (request.id, user.id), populate_existing=True)
