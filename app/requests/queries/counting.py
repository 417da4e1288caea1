"""How much an organization asked for and handed in, and whether anything of it is under way."""

from uuid import UUID

from sqlalchemy import func, select

from app.core.db import session
from app.core.ledger import OPEN, Run
from app.organizations.models import Period
from app.projects.models import Project
from app.requests.models import Attachment, ProductRequest


def count_filed(organization_id: UUID, period: Period) -> int:
    """Count the requests that were filed in a month, the sample's left out."""
    query = (
        select(func.count())
        .select_from(ProductRequest)
        .join(Project, Project.id == ProductRequest.project_id)
        .where(
            Project.organization_id == organization_id,
            Project.is_sample.is_(False),
            ProductRequest.created_at >= period.start,
            ProductRequest.created_at < period.end,
        )
    )
    return session.scalar(query) or 0


def bytes_attached(organization_id: UUID) -> int:
    """Return how many bytes the files of an organization's requests have, the sample's left out."""
    query = (
        select(func.coalesce(func.sum(Attachment.size), 0))
        .join(Project, Project.id == Attachment.project_id)
        .where(Project.organization_id == organization_id, Project.is_sample.is_(False))
    )
    return int(session.scalar(query) or 0)


def all_requests_of(project: Project) -> list[ProductRequest]:
    """Return every request of a project, in the order in which they were asked for."""
    return list(
        session.scalars(
            select(ProductRequest)
            .where(ProductRequest.project_id == project.id)
            .order_by(ProductRequest.number)
            .execution_options(populate_existing=True)
        )
    )


def is_at_work(project: Project) -> bool:
    """Tell whether anything of a project is on its way, to an end as well."""
    requests = select(ProductRequest.id).where(ProductRequest.project_id == project.id)
    topics = {str(project.id), *(str(found) for found in session.scalars(requests))}
    found = select(Run.id).where(Run.state.in_(OPEN), Run.topic.in_(topics)).limit(1)
    return session.scalar(found) is not None
