"""Saved views of a board."""

from uuid import UUID

from sqlalchemy import Select, or_, select

from app.accounts.models import User
from app.core.db import session
from app.projects.models import Project
from app.requests.models import SavedView


def views_for(user: User, project: Project) -> Select[SavedView]:
    """Return a person's own views of a project, and those that are shared with everybody who sees it."""
    return (
        select(SavedView)
        .where(SavedView.project_id == project.id)
        .where(or_(SavedView.owner_id == user.id, SavedView.is_shared.is_(True)))
        .order_by(SavedView.name, SavedView.id)
    )


def views_shown_to(user: User, project: Project) -> list[SavedView]:
    """Return the views that stand beside the filters of a project's board."""
    return list(session.scalars(views_for(user, project)).unique())


def view_for(user: User, project: Project, view_id: UUID) -> Select[SavedView]:
    return views_for(user, project).where(SavedView.id == view_id)
