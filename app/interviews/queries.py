"""Reads of interviews."""

from uuid import UUID

from sqlalchemy import select

from app.core import ledger
from app.core.db import session
from app.core.ledger import Run
from app.interviews.models import Interview, InterviewStatus
from app.language_models.queries import ChosenModel, chosen_model
from app.requests.models import ProductRequest


def interview_of(request: ProductRequest) -> Interview | None:
    """Return the conversation that counts: the newest one that was not reset."""
    return session.scalars(
        select(Interview)
        .where(Interview.request_id == request.id, Interview.status != InterviewStatus.RESET)
        .order_by(Interview.created_at.desc(), Interview.id.desc())
        .limit(1)
    ).first()


def model_asking_about(request: ProductRequest) -> ChosenModel | None:
    """Return the language model that would ask about a request; None for a form, as always in the sample."""
    project = request.project
    return chosen_model() if project.interviews_by_model and not project.is_sample else None


def turn_of(interview: Interview) -> Run | None:
    """Return the turn that the language model is at in a conversation, or is waited for."""
    return ledger.open_run("interviews.ask", interview.id)


def as_it_is(interview_id: UUID) -> Interview:
    """Return an interview as it is by now."""
    return session.get_one(Interview, interview_id, populate_existing=True)
