"""The shapes of interviews."""

from typing import Any
from uuid import UUID

from app.interviews import queries
from app.interviews.models import Interview
from app.requests.models import ProductRequest, RequestStatus
from app.web.schemas import Moment, Schema


class ChoiceOut(Schema):
    """One answer that can be picked."""

    id: str
    label: str


class QuestionOut(Schema):
    """One question, with its answer as it stands."""

    id: str
    text: str
    hint: str
    choices: list[ChoiceOut]
    allow_text: bool
    answer: str | None


class MessageOut(Schema):
    """One thing said."""

    id: str
    role: str
    content: str
    created_at: Moment


class ConversationOut(Schema):
    """The conversation as it stands, and what it has come to.

    `isAsking` while a language model writes what comes next; `trouble` says why a form took over from one.
    """

    conversation_id: UUID | None
    request_id: UUID
    status: str
    mode: str
    is_asking: bool
    trouble: str | None
    messages: list[MessageOut]
    questions: list[QuestionOut]
    assumptions: list[str]
    gherkin_criteria: str | None
    agent_prompt: str | None


class MessageIn(Schema):
    """Answers by question (a choice's id, a text, or `you_decide`), or one text for the next question."""

    content: str | None = None
    answers: dict[str, str] | None = None


class CompleteIn(Schema):
    """What is accepted; what is left out is what the interview made."""

    gherkin_criteria: str | None = None
    agent_prompt: str | None = None


class CompletedOut(Schema):
    """What the request is now built and checked by."""

    request_id: UUID
    status: RequestStatus
    gherkin_criteria: str | None
    agent_prompt: str | None


def conversation(request: ProductRequest, interview: Interview | None) -> dict[str, Any]:
    """Return what `ConversationOut` is made from."""
    if interview is None:
        return {
            "conversation_id": None,
            "request_id": request.id,
            "status": "not_started",
            "mode": "guided",
            "is_asking": False,
            "trouble": None,
            "messages": [],
            "questions": [],
            "assumptions": [],
            "gherkin_criteria": request.gherkin_criteria,
            "agent_prompt": request.agent_prompt,
        }
    return {
        "conversation_id": interview.id,
        "request_id": request.id,
        "status": interview.status.value,
        "mode": interview.mode,
        "is_asking": interview.is_talk and queries.turn_of(interview) is not None,
        "trouble": interview.trouble,
        "messages": interview.messages,
        "questions": [
            {**question, "answer": interview.answers.get(question["id"])} for question in interview.questions
        ],
        "assumptions": [assumption["text"] for assumption in interview.assumptions],
        "gherkin_criteria": interview.gherkin,
        "agent_prompt": interview.prompt,
    }
