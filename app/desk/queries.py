"""Reads that only the desk needs, over what the features below own."""

from enum import StrEnum

from sqlalchemy import Select, or_, select

from app.accounts.models import User
from app.core.db import session
from app.development.models import DevelopmentSession
from app.development.queries import sessions_of
from app.organizations.models import Membership, memberships_of
from app.projects.models import Project
from app.projects.queries import projects_visible_to
from app.requests.models import ProductRequest, RequestStatus, TurnRole
from app.requests.queries import found_by, waiting_for

MOST_PROJECTS = 12


def projects_open_to(user: User) -> list[Project]:
    """Return the projects that somebody can go on with, of all their organizations."""
    return list(session.scalars(projects_visible_to(user).where(Project.archived_at.is_(None))))


def projects_named(user: User, text: str) -> list[Project]:
    """Return the projects whose name or description holds these words, those at rest as well."""
    found = or_(
        Project.name.icontains(text, autoescape=True), Project.description.icontains(text, autoescape=True)
    )
    return list(session.scalars(projects_visible_to(user).where(found).limit(MOST_PROJECTS)))


def people_named(user: User, text: str, most: int) -> list[Membership]:
    """Return who is called so, or has such an e-mail, in the organizations that somebody belongs to."""
    found = or_(User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
    beside = [membership.organization_id for membership in memberships_of(user)]
    query = select(Membership).join(User, User.id == Membership.user_id).order_by(User.name, Membership.id)
    return list(
        session.scalars(query.where(found, Membership.organization_id.in_(beside)).limit(most)).unique()
    )


def all_sessions_of(request: ProductRequest) -> list[DevelopmentSession]:
    """Return every round of the work on a request, newest first."""
    return list(session.scalars(sessions_of(request)))


class Which(StrEnum):
    """Which requests somebody looks for who wants to work on one."""

    READY = "ready"
    MINE = "mine"
    OPEN = "open"
    WAITING_FOR_ME = "waiting_for_me"


def requests_to_take(user: User, which: Which, text: str) -> Select[ProductRequest]:
    """Return the requests that are not over and that somebody looks for, newest change first."""
    found = found_by(user, text).where(ProductRequest.status.not_in(_OVER))
    found = found.where(Project.archived_at.is_(None), ProductRequest.archived_at.is_(None))
    if which is Which.READY:
        return found.where(ProductRequest.status.in_(_STARTABLE), ProductRequest.turn_role != TurnRole.NOBODY)
    if which is Which.MINE:
        return found.where(or_(ProductRequest.assignee_id == user.id, ProductRequest.requester_id == user.id))
    if which is Which.WAITING_FOR_ME:
        waiting = waiting_for(user).with_only_columns(ProductRequest.id).order_by(None)
        return found.where(ProductRequest.id.in_(waiting))
    return found


_OVER = (RequestStatus.MERGED, RequestStatus.CANCELLED)
_STARTABLE = (RequestStatus.READY, RequestStatus.CHANGES_REQUESTED)
