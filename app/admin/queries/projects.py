"""The projects of the installation."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select

from app.accounts.models import User
from app.core.db import session
from app.core.ledger import OPEN, Run
from app.engine.routes import Route, RouteKind
from app.organizations.models import Organization
from app.previews.models import BranchPreview
from app.projects.models import Project
from app.requests.models import ProductRequest, RequestStatus

_SHOWN = (RouteKind.STATIC, RouteKind.INSTANCE)
_OVER = (RequestStatus.MERGED, RequestStatus.CANCELLED)


def projects_overseen_by(
    user: User, *, text: str = "", organization_id: UUID | None = None, is_archived: bool | None = None
) -> Select[Project]:
    """Return the projects that an installation admin looks after; through a key, its organization's."""
    query = (
        select(Project)
        .join(Organization, Organization.id == Project.organization_id)
        .where(Project.leaving_at.is_(None))
        .order_by(func.lower(Organization.name), func.lower(Project.name), Project.id)
    )
    if not user.is_admin:
        return query.where(false())
    for place in filter(None, (user.confined_to, organization_id)):
        query = query.where(Project.organization_id == place)
    if text:
        fits = (Project.name.icontains(text, autoescape=True), Project.slug.icontains(text, autoescape=True))
        query = query.where(or_(*fits))
    if is_archived is not None:
        query = query.where(
            Project.archived_at.is_not(None) if is_archived else Project.archived_at.is_(None)
        )
    return query


def project_overseen_by(user: User, project_id: UUID) -> Select[Project]:
    return projects_overseen_by(user).where(Project.id == project_id)


def projects_among(user: User, ids: Select[UUID]) -> Select[Project]:
    """Return those of some projects that an installation admin looks after."""
    return projects_overseen_by(user).where(Project.id.in_(ids))


def counts_of_requests(projects: Collection[Project]) -> dict[UUID, int]:
    """Return how many requests each of some projects has."""
    query = (
        select(ProductRequest.project_id, func.count())
        .where(ProductRequest.project_id.in_([each.id for each in projects]))
        .group_by(ProductRequest.project_id)
    )
    return dict(session.execute(query).all())


def open_requests_of(project: Project) -> list[ProductRequest]:
    """Return what is not over in a project."""
    query = select(ProductRequest).where(
        ProductRequest.project_id == project.id, ProductRequest.status.not_in(_OVER)
    )
    return list(session.scalars(query).unique())


def leaving_projects() -> list[Project]:
    """Return the projects that go as soon as nothing of them runs."""
    query = select(Project).where(Project.leaving_at.is_not(None)).order_by(Project.leaving_at)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def is_at_work(project: Project) -> bool:
    """Tell whether anything of a project runs, or is on its way to an end."""
    requests = select(ProductRequest.id).where(ProductRequest.project_id == project.id)
    branches = select(BranchPreview.id).where(BranchPreview.project_id == project.id)
    own = {str(found) for query in (requests, branches) for found in session.scalars(query)}
    topics = {str(project.id), *own, *filter(None, [project.app_id])}
    works = select(Run.id).where(Run.state.in_(OPEN), or_(Run.topic.in_(topics), Run.subject_id.in_(topics)))
    leads = select(Route.label).where(Route.project_id == project.id, Route.kind.in_(_SHOWN))
    return session.scalar(works.limit(1)) is not None or session.scalar(leads.limit(1)) is not None


def all_among(user: User, ids: Select[UUID]) -> list[Project]:
    """Return all of those of some projects that an installation admin looks after."""
    return list(session.scalars(projects_among(user, ids)))


def all_beside(user: User, organization_id: UUID | None, ids: Select[UUID]) -> list[Project]:
    """Return the projects of an organization, or of all of them, that are not among some."""
    query = projects_overseen_by(user, organization_id=organization_id)
    return list(session.scalars(query.where(Project.id.not_in(ids))))
