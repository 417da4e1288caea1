"""Invitations: made, renewed, taken back, accepted once."""

from collections.abc import Sequence
from datetime import timedelta

from app.accounts.models import User
from app.accounts.operations import checked_email, create_user
from app.accounts.queries import user_by_email
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.ids import token
from app.core.installation import installation
from app.core.secrets import digest
from app.letters.models import LetterKind
from app.letters.operations import post, withdraw
from app.organizations import permissions, queries
from app.organizations.models import Invitation, InvitationStatus, Membership, Organization, Role
from app.organizations.operations.base import administer, note
from app.organizations.operations.joining import join

INVITATION_DAYS = 14
MOST_AT_ONCE = 50


def invite(
    organization: Organization,
    *,
    by: User,
    email: str | None = None,
    role: Role = Role.REQUESTER,
    any_email: bool = False,
) -> tuple[Invitation, str]:
    """Invite somebody, by mail where it is set up; returns the invitation and its link, shown this once.

    With `any_email` the address only says whom it is for: they may come in with another one.
    """
    if not permissions.can_invite(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can invite people.")
    email = checked_email(email) if email and email.strip() else None
    if email is not None:
        known = user_by_email(email)
        if known is not None and queries.belongs(known, organization.id):
            raise Conflict(f"{email} belongs to {organization.name} already.")
    secret = token()
    invitation = Invitation(
        organization=organization,
        email=email,
        any_email=any_email,
        role=role,
        digest=digest(secret),
        invited_by=by,
        expires_at=now() + timedelta(days=INVITATION_DAYS),
    )
    with transaction():
        session.add(invitation)
        _note("invitation.made", invitation, by=by)
        _write(invitation, invitation_url(secret), by=by)
    return invitation, invitation_url(secret)


def _write(invitation: Invitation, url: str, *, by: User) -> None:
    """Send the link to whom it is for, where it names somebody and mail is set up."""
    _withdraw_letter(invitation)
    invitation.letter = None
    if invitation.email is not None:
        invitation.letter = post(
            LetterKind.INVITATION,
            to=invitation.email,
            inviter=by.name,
            organization=invitation.organization.name,
            url=url,
            ends=f"{invitation.expires_at:%d %B %Y}",
        )


def _withdraw_letter(invitation: Invitation) -> None:
    if withdraw(invitation.letter):
        invitation.letter = None


def _note(act: str, invitation: Invitation, *, by: User) -> None:
    note(act, invitation.organization, by=by, subject=invitation.email or "", detail=invitation.role.value)


def invite_several(
    organization: Organization,
    *,
    by: User,
    emails: Sequence[str],
    role: Role = Role.REQUESTER,
    any_email: bool = False,
) -> Sequence[tuple[Invitation, str]]:
    """Invite everybody of a list, all or nobody; without anybody, make one link for whoever has it."""
    addresses = list(dict.fromkeys(email.strip().lower() for email in emails if email.strip()))
    if len(addresses) > MOST_AT_ONCE:
        raise Invalid.field("emails", f"Invite at most {MOST_AT_ONCE} people at once.", type="too_long")
    with transaction():
        return [
            _invite_one_of(organization, each, by=by, role=role, any_email=any_email)
            for each in addresses or (None,)
        ]


def _invite_one_of(
    organization: Organization, email: str | None, *, by: User, role: Role, any_email: bool
) -> tuple[Invitation, str]:
    try:
        return invite(organization, by=by, email=email, role=role, any_email=any_email)
    except Invalid as trouble:
        said = " ".join(fault["msg"] for fault in trouble.errors)
        raise Invalid.field("emails", f"{email}: {said}", type="email") from None


def invitation_url(secret: str) -> str:
    return f"{installation().url}/invitations/{secret}"


def resend(invitation: Invitation, *, by: User) -> str:
    """Make a fresh link for an invitation, and send it where it can be sent; the old one ends."""
    administer(by, invitation.organization)
    if invitation.status in {InvitationStatus.ACCEPTED, InvitationStatus.REVOKED}:
        raise Conflict(f"This invitation is {invitation.status}. Make a new one.")
    secret = token()
    with transaction():
        invitation.digest = digest(secret)
        invitation.expires_at = now() + timedelta(days=INVITATION_DAYS)
        _note("invitation.renewed", invitation, by=by)
        _write(invitation, invitation_url(secret), by=by)
    return invitation_url(secret)


def revoke(invitation: Invitation, *, by: User) -> None:
    """End an invitation."""
    administer(by, invitation.organization)
    if invitation.status is InvitationStatus.ACCEPTED:
        raise Conflict("This invitation was accepted already. Remove the member instead.")
    with transaction():
        invitation.revoked_at = invitation.revoked_at or now()
        withdraw(invitation.letter)
        _note("invitation.revoked", invitation, by=by)


def accept_as_new(invitation: Invitation, *, name: str, email: str, password: str) -> User:
    """Make an account through an invitation, and join."""
    _must_match(invitation, email)
    with transaction():
        _must_hold(invitation)
        user = create_user(email=email, name=name, password=password)
        _take(invitation, user)
    return user


def accept(invitation: Invitation, *, by: User) -> Membership:
    """Join with the account one has."""
    _must_match(invitation, by.email)
    with transaction():
        _must_hold(invitation)
        return _take(invitation, by)


def _take(invitation: Invitation, user: User) -> Membership:
    membership = join(invitation, user)
    _withdraw_letter(invitation)
    invitation.accepted_at = now()
    invitation.accepted_by_id = user.id
    return membership


def _must_hold(invitation: Invitation) -> None:
    """Refuse an invitation that is over, seen while nobody else can accept it."""
    queries.hold(invitation.organization_id)
    session.refresh(invitation)
    if not invitation.is_open:
        raise Conflict(
            f"This invitation is {invitation.status}. Ask {invitation.invited_by.name} for a new one."
        )


def _must_match(invitation: Invitation, email: str) -> None:
    if not invitation.is_for(email):
        raise NotAllowed("This invitation is for another e-mail address. Sign in with that one, or ask anew.")
