"""Reads of interviews."""

from sqlalchemy import select

from app.core.db import session
from app.interviews.models import Interview, InterviewStatus
from app.requests.models import ProductRequest


def interview_of(request: ProductRequest) -> Interview | None:
    """Return the conversation that counts: the newest one that was not reset."""
    return session.scalars(
        select(Interview)
        .where(Interview.request_id == request.id, Interview.status != InterviewStatus.RESET)
        .order_by(Interview.created_at.desc(), Interview.id.desc())
        .limit(1)
    ).first()
