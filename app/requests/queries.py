"""Reads of requests, each for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.accounts.models import User
from app.core.db import session
from app.organizations.models import Membership
from app.organizations.queries import membership_of
from app.projects.models import Project
from app.projects.queries import is_open_to
from app.requests.models import (
    Activity,
    ActivityType,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a board or a list is narrowed to."""

    text: str = ""
    status: RequestStatus | None = None
    type: RequestType | None = None
    priority: RequestPriority | None = None
    assignee_id: UUID | None = None

    @property
    def any(self) -> bool:
        return bool(self.text or self.status or self.type or self.priority or self.assignee_id)


def requests_visible_to(user: User) -> Select[ProductRequest]:
    """Return every request in the projects that a person may see."""
    return (
        select(ProductRequest)
        .join(Project, Project.id == ProductRequest.project_id)
        .join(Membership, membership_of(user, Project.organization_id))
        .where(is_open_to(user))
    )


def request_visible_to(user: User, request_id: UUID) -> Select[ProductRequest]:
    return requests_visible_to(user).where(ProductRequest.id == request_id)


def request_numbered(user: User, project: Project, number: int) -> Select[ProductRequest]:
    """Return the request at an address, where the person may see it."""
    return requests_visible_to(user).where(
        ProductRequest.project_id == project.id, ProductRequest.number == number
    )


def requests_on(project: Project, filters: Filters | None = None) -> Select[ProductRequest]:
    """Return a project's requests in the order of the board: by hand, then newest first."""
    query = select(ProductRequest).where(ProductRequest.project_id == project.id)
    query = query.order_by(ProductRequest.position, ProductRequest.number.desc())
    return _narrow(query, filters or Filters())


def _narrow(query: Select[ProductRequest], filters: Filters) -> Select[ProductRequest]:
    for column, wanted in (
        (ProductRequest.status, filters.status),
        (ProductRequest.type, filters.type),
        (ProductRequest.priority, filters.priority),
        (ProductRequest.assignee_id, filters.assignee_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if filters.text:
        words = _like(filters.text)
        found = or_(
            ProductRequest.title.ilike(words, escape="\\"),
            ProductRequest.description.ilike(words, escape="\\"),
        )
        if filters.text.lstrip("#").isdigit():
            found = or_(found, ProductRequest.number == int(filters.text.lstrip("#")))
        query = query.where(found)
    return query


def _like(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def counts_on(project: Project, filters: Filters | None = None) -> dict[RequestStatus, int]:
    """Return how many requests stand in each state."""
    narrowed = _narrow(
        select(ProductRequest).where(ProductRequest.project_id == project.id), filters or Filters()
    ).with_only_columns(ProductRequest.status, func.count(), maintain_column_froms=True)
    counted = session.execute(narrowed.group_by(ProductRequest.status).order_by(None)).all()
    return {row[0]: row[1] for row in counted}


def activity_of(request: ProductRequest, *, oldest_first: bool = False) -> Select[Activity]:
    order = Activity.id.asc() if oldest_first else Activity.id.desc()
    return select(Activity).where(Activity.request_id == request.id).order_by(order)


def activity_of_type(request: ProductRequest, kind: ActivityType) -> Select[Activity]:
    return activity_of(request).where(Activity.type == kind)


def waiting_for(user: User) -> Select[ProductRequest]:
    """Return the requests whose turn is this person's, longest waiting first."""
    return (
        requests_visible_to(user)
        .where(
            ProductRequest.turn_user_id == user.id,
            ProductRequest.turn_role.in_([TurnRole.REQUESTER, TurnRole.DEVELOPER]),
        )
        .order_by(ProductRequest.turn_since)
    )


def requested_by(user: User) -> Select[ProductRequest]:
    """Return what a person asked for, newest change first."""
    return (
        requests_visible_to(user)
        .where(ProductRequest.requester_id == user.id)
        .order_by(ProductRequest.updated_at.desc())
    )


def recent_activity(user: User) -> Select[Activity]:
    """Return what happened lately in all that a person may see."""
    visible = requests_visible_to(user).with_only_columns(ProductRequest.id).order_by(None)
    return select(Activity).where(Activity.request_id.in_(visible)).order_by(Activity.id.desc())


def open_requests_on_branch(project: Project, branch: str) -> ProductRequest | None:
    """Return the request whose work is on a branch, unless it is over."""
    return session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id,
            ProductRequest.branch_name == branch,
            ProductRequest.status.not_in([RequestStatus.MERGED, RequestStatus.CANCELLED]),
        )
    ).first()


def open_requests_with_branch(project: Project) -> Sequence[ProductRequest]:
    """Return a project's requests that have a branch and are not over."""
    return session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id,
            ProductRequest.branch_name.is_not(None),
            ProductRequest.status.not_in([RequestStatus.MERGED, RequestStatus.CANCELLED]),
        )
    ).all()


def first_position(project_id: UUID, status: RequestStatus) -> float:
    """Return the position before the first card of a column."""
    lowest = session.scalar(
        select(func.min(ProductRequest.position)).where(
            ProductRequest.project_id == project_id, ProductRequest.status == status
        )
    )
    return (lowest or 0.0) - 1.0
