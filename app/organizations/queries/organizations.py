"""Organizations themselves: somebody's, the one at an address, all of them for who administers them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.accounts.models import User
from app.core.db import session
from app.organizations.models import FormerSlug, Membership, Organization
from app.organizations.queries.members import membership_of


def organizations_of(user: User) -> Select[Organization]:
    """Return the organizations that a person belongs to."""
    return (
        select(Organization)
        .join(Membership, membership_of(user, Organization.id))
        .order_by(Organization.name, Organization.id)
    )


def organization_of(user: User, *, id: UUID | None = None, slug: str | None = None) -> Select[Organization]:  # noqa: A002
    """Return one of a person's organizations, by id or by its name in addresses, former ones as well."""
    query = organizations_of(user)
    return query.where(Organization.id == id) if id is not None else query.where(is_at(slug or ""))


def is_at(slug: str) -> ColumnElement[bool]:
    """Return the condition that an organization has, or had, this name in addresses."""
    former = select(FormerSlug.organization_id).where(FormerSlug.slug == slug)
    return or_(Organization.slug == slug, Organization.id.in_(former))


def organization_overseen_by(user: User, organization_id: UUID) -> Select[Organization]:
    """Return any organization of the installation, for its admin, as far as the key in use reaches."""
    query = select(Organization).where(
        Organization.id == organization_id, Organization.leaving_since.is_(None)
    )
    return query if user.confined_to is None else query.where(Organization.id == user.confined_to)


def every_organization(text: str = "", *, leaving: bool = False) -> Select[Organization]:
    """Return the organizations of the installation by name, those whose name or address has a text in it.

    With `leaving`, those that are being deleted as well.
    """
    query = select(Organization).order_by(Organization.name, Organization.id)
    if not leaving:
        query = query.where(Organization.leaving_since.is_(None))
    if not text.strip():
        return query
    return query.where(
        or_(
            func.lower(Organization.name).contains(text.strip().lower(), autoescape=True),
            Organization.slug.contains(text.strip().lower(), autoescape=True),
        )
    )


def slug_is_free(slug: str, *, but_for: Organization | None = None) -> bool:
    """Tell whether no organization, or no other one, has or had this name in addresses."""
    has = select(Organization.id).where(Organization.slug == slug)
    had = select(FormerSlug.organization_id).where(FormerSlug.slug == slug)
    return {*session.scalars(has), *session.scalars(had)} <= {but_for.id if but_for else None}


def former_slug_of(organization: Organization, slug: str) -> FormerSlug | None:
    """Return what is kept of a name that this organization had once."""
    query = select(FormerSlug).where(FormerSlug.slug == slug, FormerSlug.organization_id == organization.id)
    return session.scalars(query).first()


def logos_among(digests: Collection[str]) -> set[str]:
    """Return those of some contents that are an organization's logo."""
    query = select(Organization.logo_digest).where(Organization.logo_digest.in_(digests))
    return {str(found) for found in session.scalars(query)}


def leaving_organizations() -> list[Organization]:
    """Return the organizations that are being deleted."""
    return list(session.scalars(select(Organization).where(Organization.leaving_since.is_not(None))))
