"""Organizations themselves: found one, change what it is called, where it is found and what it may use."""

import re

from app.accounts.models import LinkPurpose, User
from app.accounts.operations import create_user, use_link
from app.accounts.queries import link_of, user_by_email
from app.core import audit
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.holding import hold_unchanged
from app.core.ids import token
from app.core.slugs import slugify
from app.organizations import permissions, queries
from app.organizations.models import FormerSlug, Limits, Membership, Organization, Role
from app.organizations.operations.base import note

LONGEST_SLUG = 40
MOST = 1_000_000_000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = frozenset(
    {
        *("accept", "admin", "api", "apps", "assets", "board", "credits-balance", "deep-spec", "design"),
        *(
            "docs",
            "fast-spec",
            "favicon",
            "find-specs",
            "forgotten-password",
            "git",
            "healthz",
            "help",
            "home",
            "inbox",
        ),
        *("intake", "invitations", "join", "list-specs", "mcp", "metrics", "new", "notifications"),
        *("open-preview", "organizations", "palette", "previews", "profile", "projects", "readyz"),
        *("requests", "reset-password", "robots", "s", "search", "settings", "sign-in", "sign-out"),
        *("sign-up", "spec-status", "specs", "static", "user", "users", "welcome"),
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
    """Make an organization with `by` as its admin; without a slug one is made of its name."""
    name = name.strip()
    if not name:
        raise Invalid.field("name", "Give it a name.", type="missing")
    organization = Organization(name=name, slug=checked_slug(slug) if slug else _free_slug(name))
    with transaction():
        session.add_all([organization, Membership(user=by, organization=organization, role=Role.ADMIN)])
        session.flush()  # projects made in the same transaction refer to it
        note("organization.made", organization, by=by)
    return organization


def _free_slug(name: str) -> str:
    slug = slugify(name, fallback="team")
    if slug not in RESERVED and queries.slug_is_free(slug):
        return slug
    return slugify(f"{slug}-{token(3)}", fallback="team", longest=60)


def checked_slug(slug: str, *, of: Organization | None = None) -> str:
    """Return a slug as it is kept, or say what is wrong with it."""
    slug = slug.strip().lower()
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid.field(
            "slug", f"Take a to z, 0 to 9 and single hyphens between them, at most {LONGEST_SLUG} in all."
        )
    if slug in RESERVED:
        raise Conflict(f"Greenroom itself needs the address /{slug}. Choose another.")
    if not queries.slug_is_free(slug, but_for=of):
        raise Conflict(f"The address /{slug} is taken. Choose another.")
    return slug


def edit_organization(
    organization: Organization,
    *,
    by: User,
    name: str | None = None,
    slug: str | None = None,
    limits: Limits | None = None,
) -> None:
    """Change an organization; what is None stays. What was linked by a former slug still leads there."""
    if not permissions.can_edit(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can do this.")
    with transaction():
        hold_unchanged(organization, ("name", "slug", *Limits._fields))
        before = (organization.name, organization.slug, organization.limits)
        organization.name = (name or "").strip() or organization.name
        if slug is not None and slug != organization.slug:
            _move(organization, checked_slug(slug, of=organization))
        if limits is not None:
            _bound(organization, limits)
        _note_changes(organization, *before, by=by)


def _note_changes(organization: Organization, name: str, slug: str, limits: Limits, *, by: User) -> None:
    if name != organization.name:
        note("organization.renamed", organization, by=by, detail=f"{name} → {organization.name}")
    if slug != organization.slug:
        note("organization.moved", organization, by=by, detail=f"/{slug} → /{organization.slug}")
    if limits != organization.limits:
        note("organization.bounded", organization, by=by)


def _move(organization: Organization, slug: str) -> None:
    back = queries.former_slug_of(organization, slug)
    if back is not None:
        session.delete(back)
    session.add(FormerSlug(slug=organization.slug, organization_id=organization.id))
    organization.slug = slug
    session.flush()  # whoever took one of the two names in the same moment is first, or we are


def _bound(organization: Organization, limits: Limits) -> None:
    for name, most in limits._asdict().items():
        if most is not None and not 0 <= most <= MOST:
            raise Invalid.field(name, "Take a number from 0, or leave it empty for no limit.")
        setattr(organization, name, most)
