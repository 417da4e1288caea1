"""Members: another role, a way out, and those who are only samples."""

from sqlalchemy import delete

from app.accounts.models import User
from app.accounts.operations import create_user, reset_link
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.events import announce
from app.organizations import permissions, queries
from app.organizations.events import MemberLeft
from app.organizations.models import Membership, Organization, Role
from app.organizations.operations.base import administer, note_member


def change_role(membership: Membership, *, by: User, role: Role) -> None:
    """Give a member another role; the last admin keeps theirs."""
    administer(by, membership.organization)
    with transaction():
        _as_it_is(membership)
        if membership.role is Role.ADMIN and role is not Role.ADMIN:
            _not_the_last_admin(membership)
        note_member("member.role_changed", membership, by=by, detail=f"{membership.role} → {role}")
        membership.role = role
        announce(MemberLeft(membership.organization, membership.user))


def remove_member(membership: Membership, *, by: User) -> None:
    """Take somebody out of the organization, oneself as well; the last admin stays."""
    if membership.user_id != by.id:
        administer(by, membership.organization)
    with transaction():
        _as_it_is(membership)
        if membership.role is Role.ADMIN:
            _not_the_last_admin(membership)
        act = "member.left" if membership.user_id == by.id else "member.removed"
        note_member(act, membership, by=by, detail=membership.role)
        session.delete(membership)
        session.flush()  # what they were is read anew
        session.expire(membership.user, ["memberships"])
        announce(MemberLeft(membership.organization, membership.user))


def _as_it_is(membership: Membership) -> None:
    """Read a membership anew while nobody else can change one of this organization."""
    queries.hold(membership.organization_id)
    found = session.get(Membership, membership.id, populate_existing=True)
    if found is None:
        raise Conflict(f"{membership.user.name} does not belong to {membership.organization.name} any more.")


def _not_the_last_admin(membership: Membership) -> None:
    if queries.admins_left(membership.organization_id) <= 1:
        raise Conflict("This is the last admin. Make somebody else an admin first.")


def give_reset_link(person: User, *, by: User) -> str:
    """Make a link at which somebody sets a new password; it is shown at once and never again."""
    if person.id == by.id:
        raise Conflict("Your own password is changed in your profile.")
    if not permissions.can_give_reset_link(by, person):
        raise NotAllowed(
            f"{person.name} belongs to more than you administer. Ask an admin of this installation."
        )
    return reset_link(person)


def add_sample_member(organization: Organization, *, by: User, name: str, email: str, role: Role) -> User:
    """Make somebody who belongs to an organization only as a sample, and cannot sign in."""
    administer(by, organization)
    with transaction():
        user = create_user(email=email, name=name, password=None, is_sample=True)
        session.add(Membership(user=user, organization=organization, role=role))
        session.flush()  # what they do in the same transaction asks for their role
    return user


def erase_sample_members(organization: Organization, *, by: User) -> None:
    """Take everybody out who was only a sample, and their accounts with them."""
    administer(by, organization)
    with transaction():
        gone = [person.id for person in queries.sample_members_of(organization)]
        session.execute(delete(User).where(User.id.in_(gone)))
        session.expire_all()  # what was loaded of them is no longer there
