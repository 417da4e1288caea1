"""Which requests somebody may see, and what a list of them is narrowed to."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, lazyload, load_only, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.core.db import session
from app.organizations.models import Membership
from app.organizations.queries import membership_of
from app.projects.models import Project
from app.projects.queries import is_open_to
from app.requests.models import ProductRequest, RequestLabel, RequestPriority, RequestStatus, RequestType
from app.requests.queries.sorting import Sort, ordered
from app.requests.queries.waits import with_blockers
from app.requests.queries.words import holds

_LONGEST_NUMBER = 9


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a board or a list is narrowed to, and its order; `archived` is None where both are wanted."""

    text: str = ""
    statuses: tuple[RequestStatus, ...] = ()
    type: RequestType | None = None
    priority: RequestPriority | None = None
    assignee_id: UUID | None = None
    label_id: UUID | None = None
    is_unassigned: bool = False
    requester_id: UUID | None = None
    archived: bool | None = False
    sort: Sort = Sort.POSITION


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


def one_visible_to(user: User, request_id: UUID) -> ProductRequest | None:
    """Return the request that somebody names, where they may see it."""
    return session.scalars(request_visible_to(user, request_id)).unique().one_or_none()


def one_called(user: User, project: Project, words: str) -> ProductRequest | None:
    """Return the request that `#12` names in a project, or `website#12` in another of its organization."""
    slug, _, number = words.strip().rpartition("#")
    if not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        return None
    query = requests_visible_to(user).where(
        Project.organization_id == project.organization_id,
        Project.slug == (slug or project.slug),
        ProductRequest.number == int(number),
    )
    return session.scalars(query).unique().one_or_none()


def blockers_visible_to(user: User, request: ProductRequest) -> list[ProductRequest]:
    """Return what a request waits for, as far as somebody may see it."""
    blockers = [each.id for each in request.waits_for]
    query = requests_visible_to(user).where(ProductRequest.id.in_(blockers)).order_by(ProductRequest.id)
    return list(session.scalars(query).unique())


def request_numbered(user: User, project: Project, number: int) -> Select[ProductRequest]:
    """Return the request at an address, where the person may see it."""
    return requests_visible_to(user).where(
        ProductRequest.project_id == project.id, ProductRequest.number == number
    )


def requests_on(project: Project, filters: Filters | None = None) -> Select[ProductRequest]:
    """Return a project's requests in the order that is asked for: else by hand, then newest first."""
    filters = filters or Filters()
    query = select(ProductRequest).where(ProductRequest.project_id == project.id)
    return ordered(narrow(query, filters), filters.sort)


def narrow(query: Select[ProductRequest], filters: Filters) -> Select[ProductRequest]:
    """Leave only what the filters want."""
    for column, wanted in (
        (ProductRequest.type, filters.type),
        (ProductRequest.priority, filters.priority),
        (ProductRequest.assignee_id, filters.assignee_id),
        (ProductRequest.requester_id, filters.requester_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if filters.statuses:
        query = query.where(ProductRequest.status.in_(filters.statuses))
    if filters.is_unassigned:
        query = query.where(ProductRequest.assignee_id.is_(None))
    if filters.archived is not None:
        at = ProductRequest.archived_at
        query = query.where(at.is_not(None) if filters.archived else at.is_(None))
    if filters.label_id is not None:
        bearing = select(RequestLabel.request_id).where(RequestLabel.label_id == filters.label_id)
        query = query.where(ProductRequest.id.in_(bearing))
    return query.where(holds(filters.text)) if filters.text else query


def without_more(query: Select[ProductRequest]) -> Select[ProductRequest]:
    """Load of each request only what a card shows: its labels, the people it names, what it waits for."""
    return with_labels(query.options(*_no_more()))


@cache
def _no_more() -> tuple[ORMOption, ...]:
    named = (ProductRequest.requester, ProductRequest.assignee, ProductRequest.turn_user)
    people = [joinedload(person).lazyload(User.memberships) for person in named]  # type: ignore[attr-defined]
    return *people, lazyload(ProductRequest.approved_by), with_blockers()


def as_cards(query: Select[ProductRequest]) -> Select[ProductRequest]:
    """Load of each request of a project that is loaded already no more than a card shows."""
    return with_labels(query.options(*_of_cards()))


@cache
def _of_cards() -> tuple[ORMOption, ...]:
    named = (ProductRequest.requester, ProductRequest.assignee, ProductRequest.turn_user)
    alone = (load_only(User.name), lazyload(User.memberships))  # type: ignore[attr-defined]
    names = [joinedload(person).options(*alone) for person in named]
    unasked = (ProductRequest.project, ProductRequest.approved_by)
    return load_only(*_ON_CARDS), *names, *(lazyload(each) for each in unasked), with_blockers()


_ON_CARDS = (
    *(ProductRequest.project_id, ProductRequest.number, ProductRequest.title, ProductRequest.type),
    *(ProductRequest.priority, ProductRequest.status, ProductRequest.round, ProductRequest.version),
    *(ProductRequest.requester_id, ProductRequest.assignee_id, ProductRequest.turn_user_id),
    *(ProductRequest.turn_role, ProductRequest.turn_since, ProductRequest.delivery),
    *(ProductRequest.commit_sha, ProductRequest.approved_commit, ProductRequest.allowed_at),
    *(ProductRequest.undoes_id, ProductRequest.guest_name, ProductRequest.adopted_at),
)
"""What a card, and what may be done with it, is made of; each that were missing would be asked for alone."""


def with_labels(query: Select[ProductRequest]) -> Select[ProductRequest]:
    """Load the labels of all requests at once."""
    return query.options(selectinload(ProductRequest.labels))
