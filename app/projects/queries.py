"""Reads of projects, each for somebody."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from app.accounts.models import User
from app.core.db import session
from app.engine.repositories import Repository
from app.organizations.models import Membership, Organization, Role
from app.organizations.queries import membership_of
from app.projects.models import Access, Project, ProjectMember


def is_open_to(user: User) -> ColumnElement[bool]:
    """Return the condition that a project, joined with this person's Membership, is theirs to see."""
    named = exists().where(ProjectMember.project_id == Project.id, ProjectMember.user_id == user.id)
    return or_(Project.access == Access.ORGANIZATION, Membership.role == Role.ADMIN, named)


def projects_visible_to(user: User, *, organization_id: UUID | None = None) -> Select[Project]:
    """Return the projects that a person may see, all or one organization's; others do not exist for them."""
    query = (
        select(Project)
        .join(Membership, membership_of(user, Project.organization_id))
        .where(is_open_to(user))
        .order_by(Project.name, Project.id)
    )
    return query if organization_id is None else query.where(Project.organization_id == organization_id)


def projects_in(user: User, organization: Organization) -> list[Project]:
    """Return the projects of an organization that a person may see, those at rest last."""
    found = session.scalars(projects_visible_to(user, organization_id=organization.id)).all()
    return sorted(found, key=lambda project: project.is_archived)


def is_empty(project: Project) -> bool:
    """Tell whether nothing was ever pushed to what goes live."""
    return repository_of(project).head(project.default_branch) is None


def project_visible_to(user: User, project_id: UUID) -> Select[Project]:
    return projects_visible_to(user).where(Project.id == project_id)


def project_at(user: User, organization_slug: str, slug: str) -> Select[Project]:
    """Return the project at an address, where the person may see it."""
    return (
        projects_visible_to(user)
        .join(Organization, Organization.id == Project.organization_id)
        .where(Organization.slug == organization_slug, Project.slug == slug)
    )


def repository_of(project: Project) -> Repository:
    return Repository(project.repository_path)


def label_is_free(label: str) -> bool:
    return session.scalar(select(Project.id).where(Project.host_label == label)) is None


def slug_is_free(organization_id: UUID, slug: str) -> bool:
    query = select(Project.id).where(Project.organization_id == organization_id, Project.slug == slug)
    return session.scalar(query) is None


def named_members(project: Project) -> set[UUID]:
    """Return who is named for a project."""
    return set(session.scalars(select(ProjectMember.user_id).where(ProjectMember.project_id == project.id)))
