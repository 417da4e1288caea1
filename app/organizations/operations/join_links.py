"""Join links: made, ended, used by as many as they are for."""

import re
from datetime import timedelta

from app.accounts.models import User
from app.accounts.operations import create_user
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.ids import token
from app.core.installation import installation
from app.core.secrets import digest
from app.organizations import queries
from app.organizations.models import JOINABLE, JoinLink, JoinLinkStatus, Membership, Organization, Role
from app.organizations.operations.base import administer, note
from app.organizations.operations.joining import join

MOST_USES = 1000
MOST_DAYS = 365
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_WHY = {
    JoinLinkStatus.USED_UP: "As many people as this link was for have come in by it.",
    JoinLinkStatus.ENDED: "This link was ended.",
    JoinLinkStatus.EXPIRED: "This link ran out.",
}


def make_join_link(
    organization: Organization,
    *,
    by: User,
    role: Role = Role.REQUESTER,
    most_uses: int = 10,
    days: int = 7,
    domain: str | None = None,
) -> tuple[JoinLink, str]:
    """Make a link by which several people come in; returns it with its address, shown this once."""
    administer(by, organization)
    if role not in JOINABLE:
        raise Invalid.field("role", "A join link makes no admins. Invite them one by one.", type="enum")
    if not 1 <= most_uses <= MOST_USES:
        raise Invalid.field("mostUses", f"Say how many people it is for, from 1 to {MOST_USES}.")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid.field("days", f"Say for how many days it is good, from 1 to {MOST_DAYS}.")
    secret = token()
    link = JoinLink(
        organization=organization,
        role=role,
        digest=digest(secret),
        most_uses=most_uses,
        domain=_checked_domain(domain),
        made_by=by,
        expires_at=now() + timedelta(days=days),
    )
    with transaction():
        session.add(link)
        note(
            "join_link.made", organization, by=by, subject="", detail=f"{role}, for {most_uses}, {days} days"
        )
    return link, f"{installation().url}/join/{secret}"


def _checked_domain(domain: str | None) -> str | None:
    domain = (domain or "").strip().lower().removeprefix("@")
    if domain and not _DOMAIN.fullmatch(domain):
        raise Invalid.field("domain", "Only what stands after the @, such as example.com.")
    return domain or None


def end_join_link(link: JoinLink, *, by: User) -> None:
    """End a join link; who came in by it stays."""
    administer(by, link.organization)
    with transaction():
        link.ended_at = link.ended_at or now()
        note("join_link.ended", link.organization, by=by, subject="")


def come_in_as_new(link: JoinLink, *, name: str, email: str, password: str) -> User:
    """Make an account through a join link, and join."""
    if not link.is_for(email):
        raise Invalid.field("email", f"This link is for e-mail addresses at {link.domain} alone.")
    with transaction():
        _must_be_open(link)
        user = create_user(email=email, name=name, password=password)
        _use(link, user)
    return user


def come_in(link: JoinLink, *, by: User) -> Membership:
    """Join by a join link with the account one has."""
    if not link.is_for(by.email):
        raise NotAllowed(f"This link is for e-mail addresses at {link.domain} alone.")
    with transaction():
        _must_be_open(link)
        return _use(link, by)


def why_it_is_over(link: JoinLink) -> str:
    """Say in a sentence why a join link lets nobody in any more; nothing while it does."""
    return _WHY.get(link.status, "")


def _use(link: JoinLink, user: User) -> Membership:
    membership = join(link, user)
    link.uses += 1
    return membership


def _must_be_open(link: JoinLink) -> None:
    """Refuse a link that is over, seen while nobody else can use it."""
    queries.hold(link.organization_id)
    session.refresh(link)
    if not link.is_open:
        raise Conflict(f"{why_it_is_over(link)} Ask an admin of {link.organization.name} for a new one.")
