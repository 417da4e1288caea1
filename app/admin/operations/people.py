"""Accounts, looked after from above: change them, shut them, delete one with what becomes of its things."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, update

from app.accounts.models import ApiKey, OneTimeLink, SignIn, User
from app.admin.permissions import can_administer_installation, can_change_account
from app.admin.queries import people as queries
from app.core import audit
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.events import announce
from app.letters.models import Letter
from app.notifications.models import Notification
from app.organizations.events import MemberLeft
from app.organizations.models import Membership
from app.organizations.queries import belongs
from app.projects.models import ProjectMember
from app.requests import operations as requests

MOST_AT_ONCE = 100
FORMER = "A former member"


def change_person(
    person: User,
    *,
    by: User,
    name: str | None = None,
    active: bool | None = None,
    is_admin: bool | None = None,
) -> None:
    """Change an account; what is None stays."""
    _may_change(by, [person])
    with transaction():
        if name is not None and name.strip() not in {"", person.name}:
            audit.record(
                "user.renamed", by=by, subject=person.email, subject_id=person.id, detail=name.strip()
            )
            person.name = name.strip()
        change_people([person], by=by, active=active, is_admin=is_admin)


def change_people(
    people: Sequence[User], *, by: User, active: bool | None = None, is_admin: bool | None = None
) -> None:
    """Open or shut accounts, and say who administers the installation: all of them, or none."""
    _may_change(by, people)
    if len(people) > MOST_AT_ONCE:
        raise Invalid.field("userIds", f"Change at most {MOST_AT_ONCE} people at once.", type="too_long")
    changed = [person for person in people if is_admin is not None and person.is_admin is not is_admin]
    if changed and not can_administer_installation(by):
        raise NotAllowed(
            "A key belongs to one organization; it cannot say who administers all of them. Sign in for that."
        )
    with transaction():
        ids = [person.id for person in people]
        if active is False or is_admin is False:
            _leave_an_admin(ids)
        if active is False:
            _leave_admins_of_organizations(ids)
        for person in changed:
            person.is_admin = bool(is_admin)
            _log("user.made_admin" if is_admin else "user.unmade_admin", person, by=by)
        for person in people:
            if active is not None and person.is_active is not active:
                (_open if active else _shut)(person, by=by)


def _open(person: User, *, by: User) -> None:
    person.deactivated_at = None
    _log("user.activated", person, by=by)


def _shut(person: User, *, by: User) -> None:
    """End their sessions and keys at once; neither comes back when the account is opened again."""
    person.deactivated_at = now()
    person.session_epoch += 1
    session.execute(
        update(ApiKey)
        .where(ApiKey.user_id == person.id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    session.flush()  # whoever hears of it finds an account that is shut
    _announce_absence(person)
    _log("user.deactivated", person, by=by)


def delete_person(person: User, *, by: User, successor: User | None = None) -> None:
    """Delete an account; what they asked for stays theirs as a former member's, or goes to a successor."""
    _may_change(by, [person])
    if successor is not None:
        _must_be_able_to_take_over(person, successor)
    with transaction():
        _leave_an_admin([person.id])
        _leave_admins_of_organizations([person.id])
        name, email = person.name, person.email
        if successor is not None:
            for request in queries.requests_of(person):
                requests.hand_over(request, to=successor, by=by)
        for request in queries.requests_assigned_to(person):
            requests.unassign(request)
        for invitation in queries.open_invitations_by(person):
            invitation.revoked_at = now()
        _take_out(person)
        _leave_a_name(person)
        detail = f"handed to {successor.email}" if successor else ""
        audit.record("user.deleted", by=by, subject=f"{name} <{email}>", subject_id=person.id, detail=detail)


def _take_out(person: User) -> None:
    """Take away what lets somebody in, and what only they see."""
    every: list[Membership] = list(person.memberships)  # type: ignore[attr-defined]
    for table in (Membership, ProjectMember, ApiKey, OneTimeLink, SignIn, Notification):
        session.execute(delete(table).where(table.user_id == person.id))
    session.execute(delete(Letter).where(Letter.recipient == person.email))
    session.expire(person, ["memberships"])
    for membership in every:
        announce(MemberLeft(membership.organization, person))


def _leave_a_name(person: User) -> None:
    """Keep the row, so that what they wrote says that somebody did, but nothing of who it was."""
    person.name, person.email = FORMER, f"{person.id}@former.invalid"
    person.password_hash, person.is_admin = None, False
    person.deactivated_at = person.deactivated_at or now()
    person.erased_at = now()
    person.session_epoch += 1


def _announce_absence(person: User) -> None:
    every: list[Membership] = person.memberships  # type: ignore[attr-defined]
    for membership in every:
        announce(MemberLeft(membership.organization, person))


def _must_be_able_to_take_over(person: User, successor: User) -> None:
    if successor.id == person.id or not successor.is_active:
        raise Invalid.field("successorId", "Name somebody else, whose account is open.")
    for place in queries.organizations_asked_in(person):
        if not belongs(successor, place.id):
            raise Invalid.field("successorId", f"{successor.name} does not belong to {place.name}.")


def _leave_an_admin(ids: Sequence[UUID]) -> None:
    if not queries.other_admins(ids):
        raise Conflict(
            "Somebody has to administer this installation. Make somebody else an admin of it first."
        )


def _leave_admins_of_organizations(ids: Sequence[UUID]) -> None:
    if left := queries.organizations_left_by(ids):
        names = ", ".join(each.name for each in left)
        raise Conflict(
            f"Without them nobody would administer {names}. Make somebody else an admin there first."
        )


def _may_change(by: User, people: Sequence[User]) -> None:
    if not by.is_admin:
        raise NotAllowed("Only an admin of the installation changes accounts.")
    for person in people:
        if not can_change_account(by, person):
            raise NotAllowed(
                f"{person.name} belongs to other organizations as well, and a key reaches only its own. "
                "Sign in for that."
            )


def _log(act: str, person: User, *, by: User) -> None:
    audit.record(act, by=by, subject=person.email, subject_id=person.id)
