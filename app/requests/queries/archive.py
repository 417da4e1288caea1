"""What has lain still for so long that it can be put away."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select

from app.core.db import session
from app.projects.models import Project
from app.requests.models import Activity, ProductRequest, RequestStatus

_RESTING = (
    RequestStatus.DRAFT,
    RequestStatus.INTERVIEWING,
    RequestStatus.READY,
    RequestStatus.CHANGES_REQUESTED,
    RequestStatus.MERGED,
    RequestStatus.CANCELLED,
)


def projects_that_tidy_up() -> Sequence[Project]:
    """Return the projects that put away by themselves what lies still."""
    query = select(Project).where(Project.archive_after_days > 0, Project.archived_at.is_(None))
    return session.scalars(query).unique().all()


def untouched_since(project: Project, moment: datetime, most: int) -> list[ProductRequest]:
    """Return a project's requests at rest to which nothing has happened since a moment, the oldest first."""
    happened = exists().where(Activity.request_id == ProductRequest.id, Activity.created_at > moment)
    query = (
        select(ProductRequest)
        .where(
            ProductRequest.project_id == project.id,
            ProductRequest.archived_at.is_(None),
            ProductRequest.status.in_(_RESTING),
            ProductRequest.updated_at <= moment,
            ~happened,
        )
        .order_by(ProductRequest.updated_at, ProductRequest.id)
        .limit(most)
    )
    return [request for request in session.scalars(query).unique() if request.is_at_rest]
