"""What a board shows: its columns, its list, their counts."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, func, select, union_all

from app.core.db import session
from app.projects.models import Project
from app.requests.models import ProductRequest, RequestStatus, RequestStep, Vote, request_waits
from app.requests.queries.labels import mark_of_labels
from app.requests.queries.sorting import ordered
from app.requests.queries.visible import Filters, as_cards, narrow, requests_on


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
    """Return the first cards of each column, at most so many of each, with all that they show."""
    put_together = _firsts if filters.text else _firsts_kept
    query = put_together(filters, tuple(most.items()))
    found = session.scalars(query, {"here": project.id}).all()
    columns: dict[RequestStatus, list[ProductRequest]] = {status: [] for status in most}
    for request in found:
        columns[request.status].append(request)
    return columns


def _firsts(filters: Filters, most: tuple[tuple[RequestStatus, int], ...]) -> Select[ProductRequest]:
    """Return what `columns_on` asks, of the project that is called `here`."""
    here = ProductRequest.project_id == bindparam("here")
    narrowed = ordered(narrow(select(ProductRequest).where(here), filters), filters.sort)
    ids = narrowed.with_only_columns(ProductRequest.id, maintain_column_froms=True)
    firsts = [ids.where(ProductRequest.status == status).limit(limit).subquery() for status, limit in most]
    wanted = union_all(*(select(first.c.id) for first in firsts)).subquery()
    # Of these alone: told the project once more, SQLite would read all of it again.
    query = select(ProductRequest).where(ProductRequest.id.in_(select(wanted.c.id)))
    return as_cards(ordered(query, filters.sort))


_firsts_kept = lru_cache(maxsize=32)(_firsts)
"""The same, for what is looked at again and again: to put it together takes longer than to answer it."""


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
    marks = [
        value for statement in _marks() for value in session.execute(statement, {"here": project.id}).one()
    ]
    return f"{'-'.join(map(str, marks))}-{mark_of_labels(project.organization_id)}"


@cache
def _marks() -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """Return what `mark_of` asks: an open board asks again every few seconds."""
    here = ProductRequest.project_id == bindparam("here")
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
    return counted, select(*besides)


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
