"""Reads of organizations, each for somebody."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, select, true

from app.accounts.models import User
from app.core.db import session
from app.core.errors import Invalid
from app.core.secrets import digest
from app.organizations.models import Invitation, Membership, Organization, Role


def membership_of(user: User, organization_id: object) -> ColumnElement[bool]:
    """Return the condition that a membership is this person's in that organization's column."""
    condition = and_(Membership.user_id == user.id, Membership.organization_id == organization_id)
    if user.confined_to is not None:
        condition = and_(condition, Membership.organization_id == user.confined_to)
    return condition


def organizations_of(user: User) -> Select[Organization]:
    """Return the organizations that a person belongs to."""
    return (
        select(Organization)
        .join(Membership, membership_of(user, Organization.id))
        .order_by(Organization.name, Organization.id)
    )


def organization_of(user: User, *, id: UUID | None = None, slug: str | None = None) -> Select[Organization]:  # noqa: A002
    """Return one of a person's organizations, by id or by its name in addresses."""
    query = organizations_of(user)
    return query.where(Organization.id == id) if id is not None else query.where(Organization.slug == slug)


def organization_overseen_by(user: User, organization_id: UUID) -> Select[Organization]:
    """Return any organization of the installation, for its admin, as far as the key in use reaches."""
    query = select(Organization).where(Organization.id == organization_id)
    return query if user.confined_to is None else query.where(Organization.id == user.confined_to)


def person_overseen_by(user: User, user_id: UUID) -> Select[User]:
    """Return anybody here, for the installation's admin as far as their key reaches; nobody for all else."""
    query = select(User).where(User.id == user_id, true() if user.is_admin else false())
    if user.confined_to is None:
        return query
    return query.join(Membership, Membership.user_id == User.id).where(
        Membership.organization_id == user.confined_to
    )


def members_of(organization: Organization) -> Select[Membership]:
    return (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id == organization.id)
        .order_by(User.name, User.id)
    )


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
    roles = [role for role in Role if role.rank >= least.rank]
    return list(
        session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.organization_id == organization_id,
                Membership.role.in_(roles),
                User.deactivated_at.is_(None),
            )
            .order_by(User.name)
        ).unique()
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
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.organization_id == organization_id, Membership.role == Role.ADMIN)
        )
        or 0
    )


def invitations_of(organization: Organization) -> Select[Invitation]:
    return (
        select(Invitation)
        .where(Invitation.organization_id == organization.id)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )


def open_invitations_to(organization: Organization) -> list[Invitation]:
    """Return the invitations that still wait, or ran out and may be renewed; newest first."""
    query = invitations_of(organization).where(
        Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return list(session.scalars(query).unique())


def invitation_to(organization: Organization, invitation_id: UUID) -> Select[Invitation]:
    return invitations_of(organization).where(Invitation.id == invitation_id)


def invitation_visible_to(user: User, invitation_id: UUID) -> Select[Invitation]:
    """Return an invitation into an organization that a person belongs to."""
    return (
        select(Invitation)
        .join(Membership, membership_of(user, Invitation.organization_id))
        .where(Invitation.id == invitation_id)
    )


def invitation_of_token(secret: str) -> Invitation | None:
    return session.scalars(select(Invitation).where(Invitation.digest == digest(secret))).first()


def slug_is_free(slug: str) -> bool:
    return session.scalar(select(Organization.id).where(Organization.slug == slug)) is None
