"""Which requests somebody may see, and which of them words lead to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.core.db import session
from app.organizations.models import Membership
from app.organizations.queries import membership_of
from app.projects.models import Project
from app.projects.queries import is_open_to
from app.requests.models import ProductRequest, RequestLabel, RequestPriority, RequestStatus, RequestType

_LONGEST_NUMBER = 9


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a board or a list is narrowed to."""

    text: str = ""
    status: RequestStatus | None = None
    type: RequestType | None = None
    priority: RequestPriority | None = None
    assignee_id: UUID | None = None
    label_id: UUID | None = None

    @property
    def any(self) -> bool:
        narrowed = (self.text, self.status, self.type, self.priority, self.assignee_id, self.label_id)
        return any(narrowed)


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
    if filters.label_id is not None:
        bearing = select(RequestLabel.request_id).where(RequestLabel.label_id == filters.label_id)
        query = query.where(ProductRequest.id.in_(bearing))
    if filters.text:
        words = _like(filters.text)
        found = or_(
            ProductRequest.title.ilike(words, escape="\\"),
            ProductRequest.description.ilike(words, escape="\\"),
        )
        number = filters.text.lstrip("#")
        if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            found = or_(found, ProductRequest.number == int(number))
        query = query.where(found)
    return query


def _like(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def without_more(query: Select[ProductRequest]) -> Select[ProductRequest]:
    """Load of each request only what a card shows: its labels, the people it names, not where they belong."""
    named = (ProductRequest.requester, ProductRequest.assignee, ProductRequest.turn_user)
    options: list[ORMOption] = [joinedload(person).lazyload(User.memberships) for person in named]  # type: ignore[attr-defined]
    return with_labels(query.options(*options, lazyload(ProductRequest.approved_by)))


def with_labels(query: Select[ProductRequest]) -> Select[ProductRequest]:
    """Load the labels of all requests at once."""
    return query.options(selectinload(ProductRequest.labels))


def found_by(user: User, text: str) -> Select[ProductRequest]:
    """Return the requests whose words or number somebody looks for, newest change first."""
    query = narrow(requests_visible_to(user), Filters(text=text))
    return without_more(query.order_by(ProductRequest.updated_at.desc(), ProductRequest.id.desc()))


def found_quickly(user: User, text: str, most: int) -> list[ProductRequest]:
    """Return the few requests that somebody most likely means, open ones and what changed last first."""
    query = narrow(requests_visible_to(user), Filters(text=text)) if text else requests_visible_to(user)
    is_over = ProductRequest.status.in_([RequestStatus.MERGED, RequestStatus.CANCELLED])
    ordered = query.order_by(is_over, ProductRequest.updated_at.desc(), ProductRequest.id.desc())
    return list(session.scalars(without_more(ordered).limit(most)).unique())
