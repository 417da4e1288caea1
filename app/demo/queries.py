"""Reads of demos."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.core.db import session
from app.demo.models import Demo, DemoStatus
from app.organizations.models import Organization
from app.previews.models import Preview, PreviewStatus
from app.previews.queries import latest_preview
from app.projects.models import Project
from app.requests.models import ProductRequest


def demo_of(organization: Organization) -> Demo | None:
    """Return an organization's demo, as it is now."""
    return session.scalars(
        select(Demo).where(Demo.organization_id == organization.id).execution_options(populate_existing=True)
    ).first()


def demo(demo_id: UUID) -> Demo | None:
    """Load a demo for a job, as it is now."""
    return session.get(Demo, demo_id, populate_existing=True)


def moving_demos() -> Sequence[Demo]:
    """Return the demos that are being made or taken away."""
    return session.scalars(select(Demo).where(Demo.status.in_([DemoStatus.MAKING, DemoStatus.LEAVING]))).all()


def sample_project(organization_id: UUID) -> Project | None:
    """Return an organization's sample project."""
    return session.scalars(
        select(Project).where(Project.organization_id == organization_id, Project.is_sample.is_(True))
    ).first()


def can_be_tried(request: ProductRequest) -> bool | None:
    """Tell whether the newest commit of a request can be tried; None while that is on its way."""
    preview: Preview | None = latest_preview(request)
    if preview is None or preview.commit_sha != request.commit_sha:
        return False
    return None if preview.is_on_the_way else preview.status is PreviewStatus.READY
