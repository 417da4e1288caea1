"""Invitations and join links: an organization's, and the one that somebody came with."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.accounts.models import User
from app.core.clock import now
from app.core.db import session
from app.core.secrets import digest
from app.organizations.models import Invitation, InvitationStatus, JoinLink, Membership, Organization
from app.organizations.queries.members import membership_of


def invitations_of(
    organization: Organization, *, statuses: Collection[InvitationStatus] = (), email: str = ""
) -> Select[Invitation]:
    """Return an organization's invitations, newest first: all, or those in some states or for an e-mail."""
    query = (
        select(Invitation)
        .where(Invitation.organization_id == organization.id)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    if statuses:
        query = query.where(or_(*(_is(status) for status in statuses)))
    if email.strip():
        query = query.where(Invitation.email.contains(email.strip().lower(), autoescape=True))
    return query


def _is(status: InvitationStatus) -> ColumnElement[bool]:
    waits = and_(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    return {
        InvitationStatus.ACCEPTED: Invitation.accepted_at.is_not(None),
        InvitationStatus.REVOKED: Invitation.revoked_at.is_not(None),
        InvitationStatus.EXPIRED: and_(waits, Invitation.expires_at <= now()),
        InvitationStatus.PENDING: and_(waits, Invitation.expires_at > now()),
    }[status]


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


def join_links_of(organization: Organization) -> Select[JoinLink]:
    """Return an organization's join links, newest first."""
    return (
        select(JoinLink)
        .where(JoinLink.organization_id == organization.id)
        .order_by(JoinLink.created_at.desc(), JoinLink.id.desc())
    )


def open_join_links_of(organization: Organization) -> list[JoinLink]:
    """Return the join links that nobody ended, used up and expired ones among them."""
    query = join_links_of(organization).where(JoinLink.ended_at.is_(None))
    return list(session.scalars(query).unique())


def join_link_of(organization: Organization, link_id: UUID) -> Select[JoinLink]:
    return join_links_of(organization).where(JoinLink.id == link_id)


def join_link_of_token(secret: str) -> JoinLink | None:
    return session.scalars(select(JoinLink).where(JoinLink.digest == digest(secret))).first()
