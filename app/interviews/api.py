"""Interviews for programs."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from app.interviews import operations, queries
from app.interviews.schemas import CompletedOut, CompleteIn, ConversationOut, MessageIn, conversation
from app.requests.models import ProductRequest
from app.requests.queries import request_visible_to
from app.web import sse
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("interviews_api", __name__)


def _request(request_id: UUID) -> ProductRequest:
    return load_or_404(request_visible_to(me(), request_id))


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/interview",
    operation="Get interview conversation",
    answer=ConversationOut,
)
def show_conversation(id: UUID) -> dict[str, Any]:  # noqa: A002 - the path's word
    """Return the questions, what was answered, the assumptions, and the criteria as they stand."""
    request = _request(id)
    return conversation(request, queries.interview_of(request))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/interview/message",
    operation="Send interview message",
    body=MessageIn,
    answer=ConversationOut,
    errors=(409,),
)
def send_message(id: UUID, body: MessageIn) -> dict[str, Any]:  # noqa: A002
    """Answer questions; the interview of a draft starts with it."""
    request = _request(id)
    interview = operations.answer(request, by=me(), answers=body.answers, content=body.content)
    return conversation(request, interview)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/interview/complete",
    operation="Complete interview",
    body=CompleteIn,
    answer=CompletedOut,
    errors=(409,),
)
def complete_interview(id: UUID, body: CompleteIn) -> dict[str, Any]:  # noqa: A002
    """Accept the criteria and the prompt, edited or as they stand. Criteria that do not parse are a 422."""
    request = _request(id)
    operations.complete(request, by=me(), gherkin=body.gherkin_criteria, prompt=body.agent_prompt)
    return {
        "request_id": request.id,
        "status": request.status,
        "gherkin_criteria": request.gherkin_criteria,
        "agent_prompt": request.agent_prompt,
    }


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/interview/stream",
    operation="Stream interview response",
    content_type="text/event-stream",
)
def stream_conversation(id: UUID) -> Response:  # noqa: A002
    """Send `status`, what was said since `Last-Event-ID` as `message`s, then `done`; a form has no delay."""
    request = _request(id)
    interview = queries.interview_of(request)
    messages = list(interview.messages) if interview else []
    status = interview.status.value if interview else "not_started"
    waiting = len(interview.open_questions) if interview else 0
    known = [message["id"] for message in messages]
    seen = sse.last_seen()
    fresh = messages[known.index(seen) + 1 :] if seen in known else messages

    def events() -> Iterator[sse.Event | None]:
        yield sse.Event("status", {"status": status, "questions": waiting}, seen or "0")
        for message in fresh:
            yield sse.Event("message", message, message["id"])
        yield sse.Event("done", {"status": status}, known[-1] if known else "0")

    return sse.stream(events())


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/interview/reset",
    operation="Reset interview",
    answer=ConversationOut,
    errors=(409,),
)
def reset_interview(id: UUID) -> dict[str, Any]:  # noqa: A002
    """Begin anew; the old conversation is kept in the activity."""
    request = _request(id)
    operations.reset(request, by=me())
    return conversation(request, None)
