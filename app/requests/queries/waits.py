"""Which requests wait for which others, and which are the same as another."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.core.db import session
from app.projects.models import Project
from app.requests.models import Activity, ActivityType, ProductRequest, request_waits


def with_blockers() -> ORMOption:
    """Load with requests what each of them waits for, by its name alone."""
    people = ("requester", "assignee", "turn_user", "approved_by")
    unnamed = [lazyload(getattr(ProductRequest, each)) for each in people]
    return selectinload(ProductRequest.blockers).options(*unnamed)


def waiting_for_request(blocker: ProductRequest) -> list[ProductRequest]:
    """Return the requests that wait for one."""
    waits = select(request_waits.c.request_id).where(request_waits.c.blocker_id == blocker.id)
    query = select(ProductRequest).where(ProductRequest.id.in_(waits)).order_by(ProductRequest.id)
    return list(session.scalars(query).unique())


def waits_in(organization_id: UUID) -> dict[UUID, list[UUID]]:
    """Return of each request of an organization that waits what it waits for."""
    query = (
        select(request_waits.c.request_id, request_waits.c.blocker_id)
        .join(ProductRequest, ProductRequest.id == request_waits.c.request_id)
        .join(Project, Project.id == ProductRequest.project_id)
        .where(Project.organization_id == organization_id)
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for request_id, blocker_id in session.execute(query):
        found[request_id].append(blocker_id)
    return found


def duplicates_of(request: ProductRequest) -> list[ProductRequest]:
    """Return the requests that turned out to be the same as this one."""
    query = select(ProductRequest).where(ProductRequest.duplicate_of_id == request.id)
    return list(session.scalars(query.order_by(ProductRequest.number)).unique())


def count_comments(request: ProductRequest) -> int:
    """Return how often people said something of a request."""
    query = select(func.count()).select_from(Activity)
    query = query.where(Activity.request_id == request.id, Activity.type == ActivityType.COMMENT)
    return session.scalar(query) or 0


def askers_of(request: ProductRequest) -> list[User]:
    """Return who hears of the outcome: who asked for it, here or on a request that is the same.

    A guest has no inbox; whoever made the link did not ask.
    """
    asked = [request, *duplicates_of(request)]
    return [each.requester for each in asked if not each.needs_sorting]
