"""Reads for the admin of the whole installation."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.core.db import session
from app.organizations.models import Membership, Organization
from app.organizations.queries import every_organization, organization_of
from app.projects.models import Project


def organization_seen_by(user: User, organization_id: UUID, *, leaving: bool = False) -> Select[Organization]:
    """Return any organization for who administers the installation, for others one that they belong to.

    With `leaving` also one that is being deleted.
    """
    if not user.is_admin:
        return organization_of(user, id=organization_id)
    return every_organization(leaving=leaving).where(Organization.id == organization_id)


@dataclass(frozen=True)
class Counts:
    """How much there is in an organization."""

    members: int = 0
    projects: int = 0


def counts_of(organization_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Count members and projects of some organizations, in two statements."""
    members = _counted(Membership.organization_id, organization_ids)
    projects = _counted(Project.organization_id, organization_ids)
    return {each: Counts(members.get(each, 0), projects.get(each, 0)) for each in organization_ids}


def _counted(column: object, organization_ids: Collection[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(column, func.count()).where(column.in_(organization_ids)).group_by(column)  # type: ignore[call-overload,attr-defined]
    )
    return {found[0]: found[1] for found in rows}
