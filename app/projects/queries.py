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


def projects_visible_to(user: User) -> Select[Project]:
    """Return the projects that a person may see; the others do not exist for them."""
    return (
        select(Project)
        .join(Membership, membership_of(user, Project.organization_id))
        .where(is_open_to(user))
        .order_by(Project.name, Project.id)
    )


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
