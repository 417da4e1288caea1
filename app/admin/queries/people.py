"""The accounts of the installation."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, and_, exists, false, func, or_, select

from app.accounts.models import ApiKey, User
from app.core.clock import now
from app.core.db import session
from app.organizations.models import Invitation, Membership, Organization, Role
from app.projects.models import Project
from app.requests.models import ProductRequest


def people_overseen_by(
    user: User,
    *,
    text: str = "",
    organization_id: UUID | None = None,
    is_admin: bool | None = None,
    is_active: bool | None = None,
) -> Select[User]:
    """Return the accounts that an installation admin looks after; through a key, its organization's."""
    query = select(User).where(User.is_sample.is_(False), User.erased_at.is_(None))
    query = query.order_by(func.lower(User.name), User.id)
    if not user.is_admin:
        return query.where(false())
    for place in filter(None, (user.confined_to, organization_id)):
        query = query.where(User.id.in_(_members_of(place)))
    if text:
        fits = (User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
        query = query.where(or_(*fits))
    if is_admin is not None:
        query = query.where(User.is_admin.is_(is_admin))
    if is_active is not None:
        query = query.where(User.deactivated_at.is_(None) if is_active else User.deactivated_at.is_not(None))
    return query


def _members_of(organization_id: UUID) -> Select[UUID]:
    return select(Membership.user_id).where(Membership.organization_id == organization_id)


def person_overseen_by(user: User, person_id: UUID) -> Select[User]:
    return people_overseen_by(user).where(User.id == person_id)


def people_named(user: User, ids: Collection[UUID]) -> list[User]:
    """Return those of some people whom an installation admin looks after."""
    return list(session.scalars(people_overseen_by(user).where(User.id.in_(ids))).unique())


def other_admins(ids: Collection[UUID]) -> list[UUID]:
    """Return who else administers the installation; nobody changes that until this transaction ends."""
    query = select(User.id).where(User.is_admin.is_(True), User.deactivated_at.is_(None), User.id.not_in(ids))
    return list(session.scalars(query.with_for_update()))


def organizations_left_by(ids: Collection[UUID]) -> list[Organization]:
    """Return the organizations that would have no active admin without these people."""
    admins = and_(Membership.organization_id == Organization.id, Membership.role == Role.ADMIN)
    others = (
        exists()
        .where(admins, Membership.user_id == User.id, User.deactivated_at.is_(None), User.id.not_in(ids))
        .correlate(Organization)
    )
    theirs = exists().where(admins, Membership.user_id.in_(ids)).correlate(Organization)
    return list(session.scalars(select(Organization).where(theirs, ~others).order_by(Organization.name)))


def requests_of(person: User) -> list[ProductRequest]:
    """Return everything that somebody asked for."""
    query = select(ProductRequest).where(ProductRequest.requester_id == person.id)
    return list(session.scalars(query).unique())


def count_requests_of(person: User) -> int:
    query = select(func.count()).where(ProductRequest.requester_id == person.id)
    return session.scalar(query) or 0


def requests_assigned_to(person: User) -> list[ProductRequest]:
    """Return what somebody is to work on."""
    query = select(ProductRequest).where(ProductRequest.assignee_id == person.id)
    return list(session.scalars(query).unique())


def count_keys_of(person: User) -> int:
    """Return how many keys of somebody open anything."""
    holds = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now())
    query = select(func.count()).where(ApiKey.user_id == person.id, ApiKey.revoked_at.is_(None), holds)
    return session.scalar(query) or 0


def open_invitations_by(person: User) -> list[Invitation]:
    """Return the invitations by somebody that nobody has used."""
    query = select(Invitation).where(
        Invitation.invited_by_id == person.id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    return list(session.scalars(query).unique())


def organizations_overseen_by(user: User) -> list[Organization]:
    """Return every organization that an installation admin looks after, by name."""
    query = select(Organization).order_by(func.lower(Organization.name), Organization.id)
    if not user.is_admin:
        query = query.where(false())
    if user.confined_to is not None:
        query = query.where(Organization.id == user.confined_to)
    return list(session.scalars(query))


def organization_overseen_by(user: User, organization_id: UUID) -> Select[Organization]:
    """Return one of them; for everybody else it does not exist."""
    query = select(Organization).where(Organization.id == organization_id)
    if not user.is_admin or user.confined_to not in {None, organization_id}:
        return query.where(false())
    return query


def possible_successors(person: User) -> list[User]:
    """Return who belongs to every organization in which somebody asked for something."""
    places = organizations_asked_in(person)
    query = select(User).where(User.id != person.id, User.is_sample.is_(False), User.deactivated_at.is_(None))
    for place in places:
        query = query.where(User.id.in_(_members_of(place.id)))
    return list(session.scalars(query.order_by(func.lower(User.name), User.id)).unique()) if places else []


def organizations_asked_in(person: User) -> list[Organization]:
    """Return the organizations in which somebody asked for something."""
    asked = exists().where(
        Project.organization_id == Organization.id,
        ProductRequest.project_id == Project.id,
        ProductRequest.requester_id == person.id,
    )
    return list(session.scalars(select(Organization).where(asked).order_by(Organization.name)))
