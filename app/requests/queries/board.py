"""What a board shows: its columns, its list, their counts."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, exists, func, select, union_all

from app.core.db import session
from app.projects.models import Project
from app.requests.models import ProductRequest, RequestStatus, RequestStep, Vote, request_waits
from app.requests.queries.labels import mark_of_labels
from app.requests.queries.visible import Filters, narrow, requests_on, without_more


def listed_on(project: Project, filters: Filters, *, dropped: bool) -> Select[ProductRequest]:
    """Return a project's requests as a list; what was dropped only where asked for."""
    query = requests_on(project, filters)
    wanted = dropped or filters.archived or RequestStatus.CANCELLED in filters.statuses
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
    every = Filters(archived=None, sort=filters.sort)
    wanted = union_all(*(select(first.c.id) for first in firsts)).subquery()
    found = session.scalars(
        without_more(requests_on(project, every).where(ProductRequest.id.in_(select(wanted.c.id))))
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
    here = ProductRequest.project_id == project.id
    besides = [
        select(counted)
        .where(exists().where(ProductRequest.id == request_id, here).correlate_except(ProductRequest))
        .scalar_subquery()
        for request_id, counted in (
            (Vote.request_id, func.count(Vote.user_id)),
            (RequestStep.request_id, func.count(RequestStep.id)),
            (RequestStep.request_id, func.count(RequestStep.done_at)),
            (request_waits.c.request_id, func.count(request_waits.c.blocker_id)),
        )
    ]
    counted = select(func.count(), func.coalesce(func.sum(ProductRequest.version), 0)).where(here)
    marks = [*session.execute(counted).one(), *session.execute(select(*besides)).one()]
    return f"{'-'.join(map(str, marks))}-{mark_of_labels(project.organization_id)}"


def first_position(project_id: UUID, status: RequestStatus) -> float:
    """Return the position before the first card of a column."""
    lowest = session.scalar(
        select(func.min(ProductRequest.position)).where(
            ProductRequest.project_id == project_id, ProductRequest.status == status
        )
    )
    return (lowest or 0.0) - 1.0


def column_of(request: ProductRequest) -> list[tuple[UUID, float]]:
    """Return the cards of a request's column with their positions, in the order that people gave them."""
    query = requests_on(request.project, Filters(statuses=(request.status,)))
    rows = query.with_only_columns(ProductRequest.id, ProductRequest.position, maintain_column_froms=True)
    return [(row[0], row[1]) for row in session.execute(rows)]


def place_in_column(request: ProductRequest) -> int:
    """Return how many cards stand above a request in its column."""
    ids = [request_id for request_id, _ in column_of(request)]
    return ids.index(request.id) if request.id in ids else 0
