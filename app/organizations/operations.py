"""What is done with organizations: found one, invite people, change roles, make keys for one."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from app.accounts.models import ApiKey, LinkPurpose, User
from app.accounts.operations import checked_email, create_api_key, create_user, reset_link, use_link
from app.accounts.queries import link_of, user_by_email
from app.core import audit
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.events import announce
from app.core.holding import hold_unchanged
from app.core.ids import token
from app.core.installation import installation
from app.core.secrets import digest
from app.core.slugs import slugify
from app.organizations import permissions, queries
from app.organizations.events import MemberJoined, MemberLeft
from app.organizations.models import Invitation, InvitationStatus, Membership, Organization, Role

INVITATION_DAYS = 14
MOST_AT_ONCE = 50
RESERVED = frozenset(
    {
        *("accept", "admin", "api", "apps", "assets", "board", "credits-balance", "deep-spec", "design"),
        *("docs", "fast-spec", "favicon", "find-specs", "git", "healthz", "help", "home", "inbox"),
        *("intake", "invitations", "list-specs", "mcp", "metrics", "new", "notifications", "open-preview"),
        *("organizations", "palette", "previews", "profile", "projects", "readyz", "requests"),
        *("reset-password", "robots", "s", "search", "settings", "sign-in", "sign-out", "sign-up"),
        *("spec-status", "specs", "static", "user", "users", "welcome"),
    }
)


def found(secret: str, *, name: str, email: str, password: str, organization_name: str) -> User:
    """Make the first admin and their organization, through the link that the start printed."""
    link = link_of(LinkPurpose.FIRST_ADMIN, secret)
    if link is None:
        raise NotFound("This link was used already, or is too old. `bin/up` prints a fresh one.")
    with transaction():
        use_link(link)
        user = create_user(email=email, name=name, password=password, is_admin=True)
        audit.record("user.made_admin", by=user, subject=user.email, subject_id=user.id)
        create_organization(organization_name, by=user)
    return user


def create_admin(*, email: str, password: str, name: str = "", organization: str | None = None) -> User:
    """Make an installation admin from the command line, and the organization where there is none."""
    with transaction():
        user = user_by_email(email)
        if user is None:
            user = create_user(email=email, name=name, password=password, is_admin=True)
        user.is_admin = True
        audit.record("user.made_admin", by=None, subject=user.email, subject_id=user.id)
        known = session.scalars(queries.organizations_of(user)).first()
        if known is None:
            create_organization(organization or f"{user.name}'s team", by=user)
    return user


def create_organization(name: str, *, by: User, slug: str | None = None) -> Organization:
    """Make an organization with `by` as its admin."""
    name = name.strip()
    if not name:
        raise Invalid.field("name", "Give it a name.", type="missing")
    wanted = slugify(slug or name, fallback="team")
    taken = wanted in RESERVED or not queries.slug_is_free(wanted)
    if taken and slug is not None:
        raise Conflict(f"The address /{wanted} is taken. Choose another.")
    organization = Organization(name=name, slug=f"{wanted}-{token(3).lower()}" if taken else wanted)
    organization.slug = slugify(organization.slug, fallback="team", longest=60)
    with transaction():
        session.add_all([organization, Membership(user=by, organization=organization, role=Role.ADMIN)])
        session.flush()  # projects made in the same transaction refer to it
        _note("organization.made", organization, by=by)
    return organization


def _note(
    act: str, organization: Organization, *, by: User, subject: str | None = None, detail: str = ""
) -> None:
    named = organization.name if subject is None else subject
    audit.record(act, by=by, subject=named, organization_id=organization.id, detail=detail)


def rename(organization: Organization, *, by: User, name: str) -> None:
    """Change what an organization is called."""
    _administer(by, organization)
    with transaction():
        hold_unchanged(organization, ("name",))
        before, organization.name = organization.name, name.strip() or organization.name
        if before != organization.name:
            _note("organization.renamed", organization, by=by, detail=f"{before} → {organization.name}")


def invite(
    organization: Organization, *, by: User, email: str | None = None, role: Role = Role.REQUESTER
) -> tuple[Invitation, str]:
    """Invite somebody; returns the invitation and its link, shown at once and never again."""
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
        role=role,
        digest=digest(secret),
        invited_by=by,
        expires_at=now() + timedelta(days=INVITATION_DAYS),
    )
    with transaction():
        session.add(invitation)
        _note_invitation("invitation.made", invitation, by=by)
    return invitation, invitation_url(secret)


def _note_invitation(act: str, invitation: Invitation, *, by: User) -> None:
    _note(act, invitation.organization, by=by, subject=invitation.email or "", detail=invitation.role.value)


def invite_several(
    organization: Organization, *, by: User, emails: str, role: Role = Role.REQUESTER
) -> Sequence[tuple[Invitation, str]]:
    """Invite everybody whose e-mail stands in a text; without any, make one link for whoever has it."""
    addresses = list(dict.fromkeys(re.split(r"[\s,;]+", emails.strip()))) if emails.strip() else [None]
    if len(addresses) > MOST_AT_ONCE:
        raise Invalid.field("emails", f"Invite at most {MOST_AT_ONCE} people at once.", type="too_long")
    try:
        with transaction():
            return [invite(organization, by=by, email=address, role=role) for address in addresses]
    except Invalid as trouble:
        raise Invalid.field("emails", trouble.message, type="email") from None


def invitation_url(secret: str) -> str:
    return f"{installation().url}/invitations/{secret}"


def resend(invitation: Invitation, *, by: User) -> str:
    """Make a fresh link for an invitation; the old one ends."""
    _administer(by, invitation.organization)
    if invitation.status in {InvitationStatus.ACCEPTED, InvitationStatus.REVOKED}:
        raise Conflict(f"This invitation is {invitation.status}. Make a new one.")
    secret = token()
    with transaction():
        invitation.digest = digest(secret)
        invitation.expires_at = now() + timedelta(days=INVITATION_DAYS)
        _note_invitation("invitation.renewed", invitation, by=by)
    return invitation_url(secret)


def revoke(invitation: Invitation, *, by: User) -> None:
    """End an invitation."""
    _administer(by, invitation.organization)
    if invitation.status is InvitationStatus.ACCEPTED:
        raise Conflict("This invitation was accepted already. Remove the member instead.")
    with transaction():
        invitation.revoked_at = invitation.revoked_at or now()
        _note_invitation("invitation.revoked", invitation, by=by)


def accept_as_new(invitation: Invitation, *, name: str, email: str, password: str) -> User:
    """Make an account through an invitation, and join."""
    _must_hold(invitation)
    _must_match(invitation, email)
    with transaction():
        user = create_user(email=email, name=name, password=password)
        _join(invitation, user)
    return user


def accept(invitation: Invitation, *, by: User) -> Membership:
    """Join with the account one has."""
    _must_hold(invitation)
    _must_match(invitation, by.email)
    return _join(invitation, by)


def add_sample_member(organization: Organization, *, by: User, name: str, email: str, role: Role) -> User:
    """Make somebody who belongs to an organization only as a sample, and cannot sign in."""
    _administer(by, organization)
    with transaction():
        user = create_user(email=email, name=name, password=None, is_sample=True)
        session.add(Membership(user=user, organization=organization, role=role))
        session.flush()  # what they do in the same transaction asks for their role
    return user


def erase_sample_members(organization: Organization, *, by: User) -> None:
    """Take everybody out who was only a sample, and their accounts with them."""
    _administer(by, organization)
    with transaction():
        gone = [person.id for person in queries.sample_members_of(organization)]
        session.execute(delete(User).where(User.id.in_(gone)))
        session.expire_all()  # what was loaded of them is no longer there


def _join(invitation: Invitation, user: User) -> Membership:
    if queries.belongs(user, invitation.organization_id):
        raise Conflict(f"You belong to {invitation.organization.name} already.")
    with transaction():
        membership = Membership(user=user, organization=invitation.organization, role=invitation.role)
        session.add(membership)
        invitation.accepted_at = now()
        invitation.accepted_by_id = user.id
        session.flush()  # the version column settles who was first, before anything follows from it
        _note("member.joined", invitation.organization, by=user, subject=user.email, detail=membership.role)
        announce(MemberJoined(membership, invitation, user))
    return membership


def _must_hold(invitation: Invitation) -> None:
    if invitation.status is not InvitationStatus.PENDING:
        raise Conflict(
            f"This invitation is {invitation.status}. Ask {invitation.invited_by.name} for a new one."
        )


def _must_match(invitation: Invitation, email: str) -> None:
    if invitation.email is not None and invitation.email != email.strip().lower():
        raise NotAllowed("This invitation is for another e-mail address. Sign in with that one, or ask anew.")


def change_role(membership: Membership, *, by: User, role: Role) -> None:
    """Give a member another role; the last admin keeps theirs."""
    _administer(by, membership.organization)
    with transaction():
        if membership.role is Role.ADMIN and role is not Role.ADMIN:
            _not_the_last_admin(membership)
        _note_member("member.role_changed", membership, by=by, detail=f"{membership.role} → {role}")
        membership.role = role
        announce(MemberLeft(membership.organization, membership.user))


def remove_member(membership: Membership, *, by: User) -> None:
    """Take somebody out of the organization; the last admin stays."""
    if membership.user_id != by.id:
        _administer(by, membership.organization)
    with transaction():
        if membership.role is Role.ADMIN:
            _not_the_last_admin(membership)
        act = "member.left" if membership.user_id == by.id else "member.removed"
        _note_member(act, membership, by=by, detail=membership.role)
        session.delete(membership)
        session.flush()  # what they were is read anew
        session.expire(membership.user, ["memberships"])
        announce(MemberLeft(membership.organization, membership.user))


def _note_member(act: str, membership: Membership, *, by: User, detail: str) -> None:
    _note(act, membership.organization, by=by, subject=membership.user.email, detail=detail)


def make_key(
    *,
    by: User,
    name: str,
    scopes: Sequence[str],
    organization_id: UUID | None = None,
    expires_at: datetime | None = None,
    at_most: Collection[str],
) -> tuple[ApiKey, str]:
    """Make a key for one of a person's organizations, by default their only one; returns it and its secret.

    `at_most` is what the caller may: a key makes no key that can do more than itself.
    """
    organizations = session.scalars(queries.organizations_of(by)).all()
    fitting = [one.id for one in organizations if organization_id in {None, one.id}]
    if len(fitting) != 1:
        raise Invalid.field(
            "organizationId", "Choose one of the organizations you belong to.", type="missing"
        )
    beyond = sorted(set(scopes) - set(at_most))
    if beyond:
        raise NotAllowed(f"This key cannot make one with the scope `{beyond[0]}`, which it does not have.")
    return create_api_key(by, organization_id=fitting[0], name=name, scopes=scopes, expires_at=expires_at)


def give_reset_link(person: User, *, by: User) -> str:
    """Make a link at which somebody sets a new password; it is shown at once and never again."""
    if person.id == by.id:
        raise Conflict("Your own password is changed in your profile.")
    if not permissions.can_give_reset_link(by, person):
        raise NotAllowed(
            f"{person.name} belongs to more than you administer. Ask an admin of this installation."
        )
    return reset_link(person)


def _not_the_last_admin(membership: Membership) -> None:
    if queries.admins_left(membership.organization_id) <= 1:
        raise Conflict("This is the last admin. Make somebody else an admin first.")


def _administer(by: User, organization: Organization) -> None:
    if not permissions.can_administer(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can do this.")
