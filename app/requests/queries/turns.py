"""What waits for somebody, and who is to do what."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from app.accounts.models import User
from app.core.db import session
from app.organizations.models import Membership, Role
from app.organizations.queries import people_with_role
from app.projects.models import Project, StartPolicy
from app.projects.queries import approver_of, people_who_see
from app.requests.models import ProductRequest, RequestStatus, TurnRole
from app.requests.queries.visible import Filters, requests_on, requests_visible_to


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


def count_waiting_for(user: User) -> int:
    """Return how many requests wait for a person."""
    waiting = waiting_for(user).with_only_columns(ProductRequest.id).order_by(None)
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


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


def approvers_of(request: ProductRequest) -> list[User]:
    """Return who may say yes before the work starts: who was named, or the admins once that one left."""
    named = approver_of(request.project)
    return [named] if named is not None else people_with_role(request.organization_id, Role.ADMIN)


def makers_of(request: ProductRequest) -> list[User]:
    """Return who works on a request: its assignee, else every developer who may see the project."""
    if request.assignee is not None:
        return [request.assignee]
    return list(session.scalars(people_who_see(request.project, least=Role.DEVELOPER)).unique())


def people_to_assign(request: ProductRequest) -> list[User]:
    """Return who may be named to work on a request: whoever sees it and may do more than look."""
    return list(session.scalars(people_who_see(request.project, least=Role.REQUESTER)).unique())
