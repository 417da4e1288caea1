"""Reads of requests, each for somebody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, union_all
from sqlalchemy.orm import joinedload, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.core.db import session
from app.organizations.models import Membership, Role
from app.organizations.queries import membership_of, people_with_role
from app.projects.models import Access, Project, StartPolicy
from app.projects.queries import approver_of, is_open_to, project_visible_to
from app.requests.models import (
    Activity,
    ActivityType,
    Attachment,
    Delivery,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
    WorkflowAction,
)

_LONGEST_NUMBER = 9


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


def listed_on(project: Project, filters: Filters, *, dropped: bool) -> Select[ProductRequest]:
    """Return a project's requests as a list, newest change first; what was dropped only where asked for."""
    query = requests_on(project, filters).order_by(None)
    query = query.order_by(ProductRequest.updated_at.desc(), ProductRequest.number.desc())
    wanted = dropped or filters.status is RequestStatus.CANCELLED
    return query if wanted else query.where(ProductRequest.status != RequestStatus.CANCELLED)


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
        number = filters.text.lstrip("#")
        if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            found = or_(found, ProductRequest.number == int(number))
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


def without_more(query: Select[ProductRequest]) -> Select[ProductRequest]:
    """Load of each request only what a card shows of it: the people it names, not where they belong."""
    named = (ProductRequest.requester, ProductRequest.assignee, ProductRequest.turn_user)
    options: list[ORMOption] = [joinedload(person).lazyload(User.memberships) for person in named]  # type: ignore[attr-defined]
    return query.options(*options, lazyload(ProductRequest.approved_by))


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
    return f"{count}-{versions or 0}"


def activity_of(request: ProductRequest, *, oldest_first: bool = False) -> Select[Activity]:
    order = Activity.id.asc() if oldest_first else Activity.id.desc()
    return select(Activity).where(Activity.request_id == request.id).order_by(order)


def story_of(request: ProductRequest, most: int | None = None) -> list[Activity]:
    """Return what happened to a request, newest first: the last so many entries, or all."""
    return list(session.scalars(activity_of(request).limit(most)).unique())


def last_step(request: ProductRequest, action: WorkflowAction) -> Activity | None:
    """Return the entry that the last step of this kind left."""
    entries = session.scalars(activity_of(request).where(Activity.type == ActivityType.STATUS_CHANGE))
    return next((entry for entry in entries if entry.payload.get("action") == action.value), None)


def activity_of_type(request: ProductRequest, kind: ActivityType) -> Select[Activity]:
    return activity_of(request).where(Activity.type == kind)


def waiting_for(user: User) -> Select[ProductRequest]:
    """Return the requests whose turn is this person's, by name or as one of many; longest first."""
    is_named = and_(
        ProductRequest.turn_user_id == user.id,
        ProductRequest.turn_role.in_([TurnRole.REQUESTER, TurnRole.DEVELOPER, TurnRole.APPROVER]),
    )
    is_free = and_(
        ProductRequest.turn_user_id.is_(None),
        ProductRequest.turn_role == TurnRole.DEVELOPER,
        Membership.role.in_([Role.DEVELOPER, Role.ADMIN]),
    )
    is_left_to_admins = and_(
        ProductRequest.turn_user_id.is_(None),
        ProductRequest.turn_role == TurnRole.APPROVER,
        Membership.role == Role.ADMIN,
    )
    return (
        requests_visible_to(user)
        .where(or_(is_named, is_free, is_left_to_admins), Project.archived_at.is_(None))
        .order_by(ProductRequest.turn_since)
    )


def requested_by(user: User, *, but: Collection[UUID] = ()) -> Select[ProductRequest]:
    """Return what a person asked for and did not drop, newest change first; some may be left out."""
    return (
        requests_visible_to(user)
        .where(
            ProductRequest.requester_id == user.id,
            ProductRequest.status != RequestStatus.CANCELLED,
            ProductRequest.id.not_in(but),
        )
        .order_by(ProductRequest.updated_at.desc())
    )


def recent_activity(user: User, most: int) -> list[tuple[Activity, ProductRequest]]:
    """Return what happened lately in all that a person may see, newest first."""
    visible = requests_visible_to(user).with_only_columns(ProductRequest.id).order_by(None)
    query = (
        select(Activity, ProductRequest)
        .join(ProductRequest, ProductRequest.id == Activity.request_id)
        .where(Activity.request_id.in_(visible))
        .order_by(Activity.id.desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.execute(query).unique()]


def found_by(user: User, text: str) -> Select[ProductRequest]:
    """Return the requests whose words or number somebody looks for, newest change first."""
    query = _narrow(requests_visible_to(user), Filters(text=text))
    return without_more(query.order_by(ProductRequest.updated_at.desc(), ProductRequest.id.desc()))


def found_quickly(user: User, text: str, most: int) -> list[ProductRequest]:
    """Return the few requests that somebody most likely means, open ones and what changed last first."""
    query = _narrow(requests_visible_to(user), Filters(text=text)) if text else requests_visible_to(user)
    is_over = ProductRequest.status.in_([RequestStatus.MERGED, RequestStatus.CANCELLED])
    ordered = query.order_by(is_over, ProductRequest.updated_at.desc(), ProductRequest.id.desc())
    return list(session.scalars(without_more(ordered).limit(most)).unique())


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


def merged_requests_not_live(project: Project | None = None) -> Sequence[ProductRequest]:
    """Return the merged requests, of one project or of all, that are not where people use the app."""
    query = select(ProductRequest).where(
        ProductRequest.status == RequestStatus.MERGED, ProductRequest.delivery != Delivery.LIVE
    )
    if project is not None:
        query = query.where(ProductRequest.project_id == project.id)
    return session.scalars(query).all()


def requests_merged_as(project: Project, commits: Collection[str]) -> dict[str, ProductRequest]:
    """Return a project's requests by the commit that brought each into main."""
    found = session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id, ProductRequest.merged_commit.in_(commits)
        )
    ).all()
    return {str(request.merged_commit): request for request in found}


def live_requests_merged_as(project: Project, commits: Collection[str]) -> list[ProductRequest]:
    """Return a project's live requests whose merge is one of these commits."""
    sought = set(commits)
    live = session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id, ProductRequest.delivery == Delivery.LIVE
        )
    )
    return [request for request in live if request.merged_commit in sought]


def first_position(project_id: UUID, status: RequestStatus) -> float:
    """Return the position before the first card of a column."""
    lowest = session.scalar(
        select(func.min(ProductRequest.position)).where(
            ProductRequest.project_id == project_id, ProductRequest.status == status
        )
    )
    return (lowest or 0.0) - 1.0


def count_waiting_for(user: User) -> int:
    """Return how many requests wait for a person."""
    waiting = waiting_for(user).with_only_columns(ProductRequest.id).order_by(None)
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def approvers_of(request: ProductRequest) -> list[User]:
    """Return who may say yes before the work starts: who was named, or the admins once that one left."""
    named = approver_of(request.project)
    return [named] if named is not None else people_with_role(request.organization_id, Role.ADMIN)


def waiting_to_start(project: Project) -> Sequence[ProductRequest]:
    """Return a project's requests of which it is clear what to build."""
    return session.scalars(requests_on(project, Filters(status=RequestStatus.READY))).all()


def starters_of(request: ProductRequest) -> list[User]:
    """Return who is to start the work, or to allow it, as the project's policy says."""
    if request.needs_yes:
        return approvers_of(request)
    if request.project.start_policy is StartPolicy.REQUESTER:
        return [request.requester]
    return makers_of(request)


def makers_of(request: ProductRequest) -> list[User]:
    """Return who works on a request: its assignee, else every developer who may see the project."""
    if request.assignee is not None:
        return [request.assignee]
    developers = people_with_role(request.organization_id, Role.DEVELOPER)
    if request.project.access is Access.ORGANIZATION:
        return developers
    return [person for person in developers if session.scalar(project_visible_to(person, request.project_id))]


def attachments_of(request: ProductRequest) -> list[Attachment]:
    """Return a request's pictures and files, in the order in which they came."""
    query = select(Attachment).where(Attachment.request_id == request.id)
    query = query.order_by(Attachment.created_at, Attachment.id)
    return list(session.scalars(query))


def attachments_kept() -> Sequence[Attachment]:
    """Return every picture and file that belongs to a request."""
    query = select(Attachment).where(Attachment.request_id.is_not(None)).order_by(Attachment.created_at)
    return session.scalars(query).all()


def attachment_in(request: ProductRequest, attachment_id: UUID) -> Select[Attachment]:
    """Return a picture or file of a request; whoever may see the request may see it."""
    return select(Attachment).where(Attachment.request_id == request.id, Attachment.id == attachment_id)


def handed_in(project: Project, user: User, ids: Collection[UUID]) -> list[Attachment]:
    """Return what a person handed in with a form that was refused, and that belongs to nothing yet."""
    query = select(Attachment).where(
        Attachment.id.in_(ids),
        Attachment.project_id == project.id,
        Attachment.uploader_id == user.id,
        Attachment.request_id.is_(None),
    )
    return list(session.scalars(query.order_by(Attachment.created_at, Attachment.id)))


def digests_known(digests: Collection[str]) -> set[str]:
    """Return those of some contents that belong to a picture or file."""
    return set(session.scalars(select(Attachment.digest).where(Attachment.digest.in_(digests))))
