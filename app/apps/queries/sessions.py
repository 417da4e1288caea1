"""Reads of preview sessions."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, and_, exists, func, not_, or_, select

from app.accounts.models import User
from app.apps.models import SESSION_OPEN, App, AppPreviewSession, AppVersion, SessionStatus
from app.core import ledger
from app.core.clock import now
from app.core.db import bare, session
from app.core.ledger import Run
from app.engine.instances import Desired, Instance
from app.engine.routes import Route
from app.projects.models import Project
from app.projects.queries import projects_visible_to

KEPT = timedelta(days=1)  # for so long it is told how a session ended


def session_visible_to(user: User, session_id: str) -> Select[AppPreviewSession]:
    """Return a session of an app that the person may see."""
    seen = select(App.id).where(App.project_id.in_(projects_visible_to(user).with_only_columns(Project.id)))
    return select(AppPreviewSession).where(
        AppPreviewSession.id == session_id, AppPreviewSession.app_id.in_(seen)
    )


def version_to_run(user: User, version_id: str) -> Select[AppVersion]:
    """Return a version of an app that the person may see; nothing runs of what is deleted."""
    seen = projects_visible_to(user).with_only_columns(Project.id)
    return (
        select(AppVersion)
        .join(App, App.id == AppVersion.app_id)
        .where(AppVersion.id == version_id, AppVersion.deleted_at.is_(None))
        .where(App.deleted_at.is_(None), App.project_id.in_(seen))
    )


def open_session_of(version: AppVersion) -> AppPreviewSession | None:
    """Return the session that runs of a version, or comes up; there is one at most."""
    return session.scalars(
        select(AppPreviewSession)
        .where(AppPreviewSession.app_version_id == version.id, AppPreviewSession.status.in_(SESSION_OPEN))
        .execution_options(populate_existing=True)
    ).one_or_none()


def latest_session_of(version: AppVersion) -> AppPreviewSession | None:
    """Return the newest session of a version, open or not."""
    return session.scalars(
        select(AppPreviewSession)
        .where(AppPreviewSession.app_version_id == version.id)
        .order_by(AppPreviewSession.created_at.desc(), AppPreviewSession.id.desc())
        .limit(1)
    ).first()


def open_sessions(app: App | None = None) -> Sequence[AppPreviewSession]:
    """Return the sessions that are up or on their way, as they are now; of one app, or of all."""
    query = select(AppPreviewSession).where(AppPreviewSession.status.in_(SESSION_OPEN))
    if app is not None:
        query = query.where(AppPreviewSession.app_id == app.id)
    return session.scalars(
        query.options(*bare(AppPreviewSession.app_version, AppVersion.app, App.project))
        .order_by(AppPreviewSession.id)
        .execution_options(populate_existing=True)
    ).all()


def unremoved_sessions() -> Sequence[AppPreviewSession]:
    """Return the sessions that ended a while ago, but of which a process or an address is still there."""
    name = func.replace(AppPreviewSession.id, "_", "-")
    runs = exists().where(Instance.label == name, Instance.desired != Desired.GONE)
    leads = exists().where(Route.label == AppPreviewSession.label)
    return session.scalars(
        select(AppPreviewSession)
        .where(AppPreviewSession.stopped_at < now() - ledger.patience(), or_(runs, leads))
        .options(*bare(AppPreviewSession.app_version, AppVersion.app))
    ).all()


def forgotten_sessions() -> Sequence[AppPreviewSession]:
    """Return the sessions that ended so long ago that nobody asks for them any more."""
    query = select(AppPreviewSession).where(AppPreviewSession.stopped_at < now() - KEPT)
    return session.scalars(query.options(*bare())).all()


def run_of_session(found: AppPreviewSession) -> Run | None:
    """Return the run that brings a session up, or did, as it is now."""
    return session.get(Run, found.run_id, populate_existing=True) if found.run_id else None


def session_folders_in_use() -> set[str]:
    """Return what the folders are called that sessions need, or needed until a moment ago."""
    ended = and_(
        AppPreviewSession.status.in_((SessionStatus.FAILED, SessionStatus.STOPPED)),
        AppPreviewSession.stopped_at < now() - ledger.patience(),
    )
    found = session.scalars(select(AppPreviewSession.id).where(not_(ended)))
    return {each.replace("_", "-") for each in found}
