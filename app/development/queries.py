"""Reads of development sessions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, not_, or_, select

from app.accounts.models import User
from app.core import ledger
from app.core.clock import now
from app.core.db import bare, session
from app.core.ledger import Run
from app.development.models import OPEN, DevelopmentSession, SessionStatus, bench_name_of
from app.requests.models import Activity, ActivityType, ProductRequest, RequestStatus, WorkflowAction
from app.requests.queries import activity_of, requests_visible_to


def sessions_of(request: ProductRequest) -> Select[DevelopmentSession]:
    """Return a request's sessions, newest first."""
    return (
        select(DevelopmentSession)
        .where(DevelopmentSession.request_id == request.id)
        .order_by(DevelopmentSession.id.desc())
    )


def latest_session(request: ProductRequest) -> DevelopmentSession | None:
    return session.scalars(sessions_of(request).limit(1).execution_options(populate_existing=True)).first()


def open_session(request: ProductRequest) -> DevelopmentSession | None:
    """Return the session that works on a request now."""
    return session.scalars(
        sessions_of(request)
        .where(DevelopmentSession.status.in_(OPEN))
        .execution_options(populate_existing=True)
    ).first()


def session_visible_to(user: User, session_id: UUID) -> Select[DevelopmentSession]:
    """Return a session of a request that a person may see."""
    visible = requests_visible_to(user).with_only_columns(ProductRequest.id)
    return select(DevelopmentSession).where(
        DevelopmentSession.id == session_id, DevelopmentSession.request_id.in_(visible)
    )


def session_of(session_id: UUID) -> DevelopmentSession:
    """Load a session for a job, as it is now."""
    return session.get_one(DevelopmentSession, session_id, populate_existing=True)


def run_of(development: DevelopmentSession) -> Run | None:
    """Return the ledger's row of a session, as it is now."""
    if development.run_id is None:
        return None
    return session.get(Run, development.run_id, populate_existing=True)


def session_of_run(run: Run) -> DevelopmentSession | None:
    return session.scalars(
        select(DevelopmentSession)
        .where(DevelopmentSession.run_id == run.id)
        .execution_options(populate_existing=True)
    ).first()


def waiting_sessions() -> Sequence[DevelopmentSession]:
    """Return the sessions that wait for a person's push, over all projects."""
    return session.scalars(
        select(DevelopmentSession)
        .where(DevelopmentSession.status == SessionStatus.WAITING)
        .options(*bare(DevelopmentSession.request, ProductRequest.project))
    ).all()


def open_sessions() -> Sequence[DevelopmentSession]:
    """Return every session that works or waits, over all projects."""
    return session.scalars(
        select(DevelopmentSession)
        .where(DevelopmentSession.status.in_(OPEN))
        .execution_options(populate_existing=True)
    ).all()


def folders_in_use() -> set[str]:
    """Return what the folders are called in which programs work, or worked until a moment ago."""
    over = DevelopmentSession.completed_at < now() - ledger.patience()
    found = session.scalars(
        select(DevelopmentSession.id).where(or_(DevelopmentSession.completed_at.is_(None), not_(over)))
    )
    return set(map(bench_name_of, found))


def requests_in_development() -> Sequence[ProductRequest]:
    return _requests_that_are(RequestStatus.IN_DEVELOPMENT)


def requests_to_try() -> Sequence[ProductRequest]:
    """Return the requests whose branch holds a result that somebody looks at, over all projects."""
    return _requests_that_are(RequestStatus.IN_REVIEW, RequestStatus.PR_OPEN)


def _requests_that_are(*statuses: RequestStatus) -> Sequence[ProductRequest]:
    return session.scalars(
        select(ProductRequest)
        .where(ProductRequest.status.in_(statuses))
        .options(*bare(ProductRequest.project))
        .execution_options(populate_existing=True)
    ).all()


def status_row(request_id: UUID) -> Any:
    """Return a row of what a status answer says of a request's latest session: one statement, no objects."""
    return session.execute(
        select(
            DevelopmentSession.id,
            DevelopmentSession.request_id,
            DevelopmentSession.agent,
            DevelopmentSession.inputs,
            DevelopmentSession.status,
            DevelopmentSession.branch_name,
            DevelopmentSession.commit_sha,
            DevelopmentSession.round,
            DevelopmentSession.outcome,
            DevelopmentSession.error_code,
            DevelopmentSession.error_message,
            DevelopmentSession.error_suggestion,
            DevelopmentSession.created_at,
            DevelopmentSession.started_at,
            DevelopmentSession.completed_at,
            Run.phase,
            Run.progress,
            Run.message,
            Run.last_sign_of_life_at,
            Run.deadline_at,
        )
        .outerjoin(Run, Run.id == DevelopmentSession.run_id)
        .where(DevelopmentSession.request_id == request_id)
        .order_by(DevelopmentSession.id.desc())
        .limit(1)
    ).first()


def changes_asked_for(request: ProductRequest) -> list[Activity]:
    """Return every change that was asked for on a request's previews, oldest first."""
    entries = session.scalars(
        activity_of(request, oldest_first=True).where(Activity.type == ActivityType.REVIEW)
    ).all()
    wanted = WorkflowAction.REQUEST_CHANGES.value
    return [entry for entry in entries if entry.payload.get("action") == wanted]
