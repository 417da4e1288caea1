"""What a board shows: its columns, its list, their counts."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, func, select, union_all

from app.core.db import session
from app.projects.models import Project
from app.requests.models import ProductRequest, RequestStatus
from app.requests.queries.labels import mark_of_labels
from app.requests.queries.visible import Filters, narrow, requests_on, without_more


def listed_on(project: Project, filters: Filters, *, dropped: bool) -> Select[ProductRequest]:
    """Return a project's requests as a list, newest change first; what was dropped only where asked for."""
    query = requests_on(project, filters).order_by(None)
    query = query.order_by(ProductRequest.updated_at.desc(), ProductRequest.number.desc())
    wanted = dropped or filters.status is RequestStatus.CANCELLED
    return query if wanted else query.where(ProductRequest.status != RequestStatus.CANCELLED)


def counts_on(project: Project, filters: Filters | None = None) -> dict[RequestStatus, int]:
    """Return how many requests stand in each state."""
    narrowed = narrow(
        select(ProductRequest).where(ProductRequest.project_id == project.id), filters or Filters()
    ).with_only_columns(ProductRequest.status, func.count(), maintain_column_froms=True)
    counted = session.execute(narrowed.group_by(ProductRequest.status).order_by(None)).all()
    return {row[0]: row[1] for row in counted}


def columns_on(
    project: Project, filters: Filters, most: Mapping[RequestStatus, int]
) -> dict[RequestStatus, list[ProductRequest]]:
    """Return the first cards of each column, at most so many of each, in one statement."""
    firsts = [
        requests_on(project, filters)
        .where(ProductRequest.status == status)
        .with_only_columns(ProductRequest.id, maintain_column_froms=True)
        .limit(limit)
        .subquery()
        for status, limit in most.items()
    ]
    wanted = union_all(*(select(first.c.id) for first in firsts)).subquery()
    found = session.scalars(
        without_more(requests_on(project).where(ProductRequest.id.in_(select(wanted.c.id))))
    ).all()
    return {status: [request for request in found if request.status is status] for status in most}


def card_in(project_id: UUID, status: RequestStatus, request_id: UUID) -> ProductRequest | None:
    """Return a card of a column; None when it is not there (any more)."""
    return session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project_id,
            ProductRequest.status == status,
            ProductRequest.id == request_id,
        )
    ).first()


def mark_of(project: Project) -> str:
    """Return what changes whenever a card of the board does."""
    query = select(func.count(), func.sum(ProductRequest.version)).where(
        ProductRequest.project_id == project.id
    )
    count, versions = session.execute(query).one()
    return f"{count}-{versions or 0}-{mark_of_labels(project.organization_id)}"


def first_position(project_id: UUID, status: RequestStatus) -> float:
    """Return the position before the first card of a column."""
    lowest = session.scalar(
        select(func.min(ProductRequest.position)).where(
            ProductRequest.project_id == project_id, ProductRequest.status == status
        )
    )
    return (lowest or 0.0) - 1.0
