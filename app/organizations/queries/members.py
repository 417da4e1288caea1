"""Who belongs to an organization."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from app.accounts.models import User
from app.core.db import session
from app.core.errors import Invalid
from app.organizations.models import Membership, Organization, Role


def membership_of(user: User, organization_id: object) -> ColumnElement[bool]:
    """Return the condition that a membership is this person's in that organization's column."""
    condition = and_(Membership.user_id == user.id, Membership.organization_id == organization_id)
    if user.confined_to is not None:
        condition = and_(condition, Membership.organization_id == user.confined_to)
    return condition


def person_overseen_by(user: User, user_id: UUID) -> Select[User]:
    """Return anybody here, for the installation's admin as far as their key reaches; nobody for all else."""
    query = select(User).where(User.id == user_id, true() if user.is_admin else false())
    if user.confined_to is None:
        return query
    return query.join(Membership, Membership.user_id == User.id).where(
        Membership.organization_id == user.confined_to
    )


def members_of(organization: Organization, *, text: str = "", role: Role | None = None) -> Select[Membership]:
    """Return who belongs to an organization, by name: all, or of a role, or with a text in name or e-mail."""
    query = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id == organization.id)
        .order_by(User.name, User.id)
    )
    if role is not None:
        query = query.where(Membership.role == role)
    if text.strip():
        wanted = text.strip().lower()
        query = query.where(
            or_(
                func.lower(User.name).contains(wanted, autoescape=True),
                User.email.contains(wanted, autoescape=True),
            )
        )
    return query


def all_members_of(organization: Organization) -> list[Membership]:
    """Return every member with their person, by name."""
    return list(session.scalars(members_of(organization)).unique())


def member_of(organization: Organization, user_id: UUID) -> Select[Membership]:
    return members_of(organization).where(Membership.user_id == user_id)


def belongs(user: User, organization_id: UUID) -> bool:
    """Tell whether a person is a member, whatever key they come with."""
    query = select(Membership.id).where(
        Membership.user_id == user.id, Membership.organization_id == organization_id
    )
    return session.scalar(query) is not None


def person_in(organization_id: UUID, user_id: UUID) -> User:
    """Return a member of an organization; anybody else is said to be none, whether they exist or not."""
    query = select(User).join(Membership, Membership.user_id == User.id)
    found = session.scalars(
        query.where(Membership.organization_id == organization_id, User.id == user_id)
    ).first()
    if found is None:
        raise Invalid.field("userId", "This person does not belong to the organization.")
    return found


def are_members(user_ids: Collection[UUID], organization_id: UUID) -> bool:
    """Tell whether all of these people belong to an organization."""
    query = select(func.count()).where(
        Membership.organization_id == organization_id, Membership.user_id.in_(user_ids)
    )
    return session.scalar(query) == len(set(user_ids))


def people_with_role(organization_id: UUID, least: Role) -> list[User]:
    """Return the active members whose role is at least `least`."""
    return list(session.scalars(_with_role(organization_id, least)).unique())


def names_with_role(organization_id: UUID, least: Role, *, but: User) -> list[tuple[UUID, str]]:
    """Return who they are and what they are called, except for one of them."""
    query = _with_role(organization_id, least).where(User.id != but.id)
    named = query.with_only_columns(User.id, User.name, maintain_column_froms=True)
    return [(row[0], row[1]) for row in session.execute(named)]


def _with_role(organization_id: UUID, least: Role) -> Select[User]:
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role.in_([role for role in Role if role.rank >= least.rank]),
            User.deactivated_at.is_(None),
        )
        .order_by(User.name)
    )


def sample_members_of(organization: Organization) -> list[User]:
    """Return who belongs to an organization only as a sample."""
    return list(
        session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.organization_id == organization.id, User.is_sample.is_(True))
        ).unique()
    )


def admins_left(organization_id: UUID) -> int:
    """Count the admins of an organization who can sign in."""
    query = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role == Role.ADMIN,
            User.deactivated_at.is_(None),
        )
    )
    return session.scalar(query) or 0


def hold(organization_id: UUID) -> None:
    """Let others who count in an organization wait until this transaction ends; SQLite does so by itself."""
    session.execute(
        select(Organization.id).where(Organization.id == organization_id).with_for_update(key_share=True)
    )
