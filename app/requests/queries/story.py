"""What happened to requests."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts.models import User
from app.core.db import session
from app.requests.models import Activity, ActivityType, ProductRequest, WorkflowAction
from app.requests.queries.visible import requests_visible_to


def activity_of(request: ProductRequest, *, oldest_first: bool = False) -> Select[Activity]:
    order = Activity.id.asc() if oldest_first else Activity.id.desc()
    return select(Activity).where(Activity.request_id == request.id).order_by(order)


def activity_narrowed(
    request: ProductRequest,
    *,
    types: Collection[ActivityType] = (),
    actor_id: UUID | None = None,
    since: datetime | None = None,
    oldest_first: bool = False,
) -> Select[Activity]:
    """Return what happened to a request of some kinds, by somebody, or since a moment."""
    query = activity_of(request, oldest_first=oldest_first)
    if types:
        query = query.where(Activity.type.in_(types))
    if actor_id is not None:
        query = query.where(Activity.actor_id == actor_id)
    return query if since is None else query.where(Activity.created_at >= since)


def story_of(request: ProductRequest, most: int | None = None) -> list[Activity]:
    """Return what happened to a request, newest first: the last so many entries, or all."""
    return list(session.scalars(activity_of(request).limit(most)).unique())


def last_step(request: ProductRequest, action: WorkflowAction) -> Activity | None:
    """Return the entry that the last step of this kind left."""
    entries = session.scalars(activity_of(request).where(Activity.type == ActivityType.STATUS_CHANGE))
    return next((entry for entry in entries if entry.payload.get("action") == action.value), None)


def activity_of_type(request: ProductRequest, kind: ActivityType) -> Select[Activity]:
    return activity_of(request).where(Activity.type == kind)


def recent_activity(user: User, most: int) -> list[tuple[Activity, ProductRequest]]:
    """Return what happened lately in all that a person may see, newest first."""
    visible = requests_visible_to(user).with_only_columns(ProductRequest.id).order_by(None)
    query = (
        select(Activity, ProductRequest)
        .join(ProductRequest, ProductRequest.id == Activity.request_id)
        .where(Activity.request_id.in_(visible), Activity.removed_at.is_(None))
        .order_by(Activity.id.desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.execute(query).unique()]
