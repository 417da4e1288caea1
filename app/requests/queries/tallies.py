"""What is counted of requests: votes, steps."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from app.core.db import session
from app.requests.models import ProductRequest, RequestStep, Vote


class Tally(NamedTuple):
    """How many would like to have a request, and how far its steps are."""

    votes: int = 0
    steps: int = 0
    steps_done: int = 0


def tallies_of(request_ids: Collection[UUID]) -> dict[UUID, Tally]:
    """Return what is counted of some requests, in one statement."""
    of_request = RequestStep.request_id == ProductRequest.id
    steps = select(func.count()).select_from(RequestStep).where(of_request).scalar_subquery()
    done = (
        select(func.count())
        .select_from(RequestStep)
        .where(of_request, RequestStep.done_at.is_not(None))
        .scalar_subquery()
    )
    votes = (
        select(func.count()).select_from(Vote).where(Vote.request_id == ProductRequest.id).scalar_subquery()
    )
    counted = session.execute(
        select(ProductRequest.id, votes, steps, done).where(ProductRequest.id.in_(request_ids))
    )
    return {row[0]: Tally(*row[1:]) for row in counted}


def tally_of(request: ProductRequest) -> Tally:
    """Return what is counted of one request."""
    return tallies_of([request.id]).get(request.id, Tally())
