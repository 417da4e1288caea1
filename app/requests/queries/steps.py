"""The steps of a request."""

from uuid import UUID

from sqlalchemy import Select, select

from app.core.db import session
from app.requests.models import ProductRequest, RequestStep


def steps_of(request: ProductRequest) -> list[RequestStep]:
    """Return a request's steps, in their order."""
    query = select(RequestStep).where(RequestStep.request_id == request.id)
    return list(session.scalars(query.order_by(RequestStep.position, RequestStep.id)).unique())


def step_in(request: ProductRequest, step_id: UUID) -> Select[RequestStep]:
    """Return one step of a request; whoever may see the request may see it."""
    return select(RequestStep).where(RequestStep.request_id == request.id, RequestStep.id == step_id)
