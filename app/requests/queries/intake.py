"""The way in for guests, and what came by it."""

from sqlalchemy import func, select

from app.core.db import session
from app.core.secrets import digest
from app.projects.models import Project
from app.requests.models import IntakeLink, ProductRequest, RequestStatus


def intake_of(project: Project) -> IntakeLink | None:
    """Return a project's link for guests, whether it still holds or not."""
    return session.scalars(select(IntakeLink).where(IntakeLink.project_id == project.id)).first()


def intake_by(secret: str) -> IntakeLink | None:
    """Return the open link that somebody came by."""
    found = session.scalars(select(IntakeLink).where(IntakeLink.digest == digest(secret))).first()
    return found if found is not None and found.is_open else None


def count_unsorted(project: Project) -> int:
    """Return how many wishes of guests nobody has looked at yet."""
    query = (
        select(func.count())
        .select_from(ProductRequest)
        .where(
            ProductRequest.project_id == project.id,
            ProductRequest.status == RequestStatus.DRAFT,
            ProductRequest.guest_name.is_not(None),
            ProductRequest.adopted_at.is_(None),
        )
    )
    return session.scalar(query) or 0
