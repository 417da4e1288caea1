"""Which requests somebody may see, and what a list of them is narrowed to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.organizations.models import Membership
from app.organizations.queries import membership_of
from app.projects.models import Project
from app.projects.queries import is_open_to
from app.requests.models import ProductRequest, RequestPriority, RequestStatus, RequestType
from app.requests.queries.words import holds


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
    return narrow(query, filters or Filters())


def narrow(query: Select[ProductRequest], filters: Filters) -> Select[ProductRequest]:
    """Leave only what the filters want."""
    for column, wanted in (
        (ProductRequest.status, filters.status),
        (ProductRequest.type, filters.type),
        (ProductRequest.priority, filters.priority),
        (ProductRequest.assignee_id, filters.assignee_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return query.where(holds(filters.text)) if filters.text else query


def without_more(query: Select[ProductRequest]) -> Select[ProductRequest]:
    """Load of each request only what a card shows of it: the people it names, not where they belong."""
    named = (ProductRequest.requester, ProductRequest.assignee, ProductRequest.turn_user)
    options: list[ORMOption] = [joinedload(person).lazyload(User.memberships) for person in named]  # type: ignore[attr-defined]
    return query.options(*options, lazyload(ProductRequest.approved_by))
