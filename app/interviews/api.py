"""Interviews for programs."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from app.core.changes import listener
from app.core.db import let_go
from app.interviews import operations, queries
from app.interviews.schemas import CompletedOut, CompleteIn, ConversationOut, MessageIn, conversation
from app.requests.models import ProductRequest
from app.requests.queries import request_visible_to
from app.web import sse
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("interviews_api", __name__)

LONGEST_STREAM_SECONDS = 300.0
_LOOK_SECONDS = 1.0


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
    "POST",
    "/requests/<uuid:id>/interview/form",
    operation="Continue interview as form",
    answer=ConversationOut,
    errors=(403, 404, 409),
)
def go_on_as_form(id: UUID) -> dict[str, Any]:  # noqa: A002
    """Leave the conversation with the language model for the form; a turn that it is at is stopped."""
    request = _request(id)
    return conversation(request, operations.go_on_as_form(request, by=me()))


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/interview/stream",
    operation="Stream interview response",
    content_type="text/event-stream",
)
def stream_conversation(id: UUID) -> Response:  # noqa: A002
    """Send `status`, what was said since `Last-Event-ID` as `message`s, then `done`; a form has no delay.

    While a language model writes, its words come as `delta`s: each puts a `text` at an `offset` of what is
    being said, so that one which comes again changes nothing. Where it gives nothing, `error` says why.
    """
    request = _request(id)
    interview = queries.interview_of(request)
    return sse.stream(_events(request.id, interview.id if interview else None, sse.last_seen()))


def _events(request_id: UUID, interview_id: UUID | None, seen: str | None) -> Iterator[sse.Event | None]:
    if interview_id is None:
        yield sse.Event("status", {"status": "not_started", "questions": 0}, seen or "0")
        yield sse.Event("done", {"status": "not_started"}, "0")
        return
    until, heard = time.monotonic() + LONGEST_STREAM_SECONDS, time.monotonic()
    told, spoken, was_talk = None, "", False
    with listener.listening(str(request_id)) as woken:
        while time.monotonic() < until:
            interview = queries.as_it_is(interview_id)
            is_asking = interview.is_talk and queries.turn_of(interview) is not None
            was_talk = was_talk or interview.is_talk
            status = {"status": interview.status.value, "questions": len(interview.open_questions)}
            let_go()
            if (status, is_asking) != told:
                told, heard = (status, is_asking), time.monotonic()
                yield sse.Event("status", {**status, "mode": interview.mode}, seen or "0")
            for message in _since(interview.messages, seen):
                seen, spoken = message["id"], ""
                yield sse.Event("message", message, message["id"])
            if not is_asking:
                if was_talk and not interview.is_talk and interview.trouble:
                    yield sse.Event("error", {"message": interview.trouble}, seen or "0")
                yield sse.Event("done", {"status": interview.status.value}, seen or "0")
                return
            if interview.speaking != spoken:
                offset = len(spoken) if interview.speaking.startswith(spoken) else 0
                spoken, heard = interview.speaking, time.monotonic()
                yield sse.Event("delta", {"offset": offset, "text": spoken[offset:]}, seen or "0")
            if woken is None:  # too many wait already: the reader comes back by itself
                return
            if time.monotonic() - heard >= sse.HEARTBEAT_SECONDS:
                yield None
                heard = time.monotonic()
            woken.wait(_LOOK_SECONDS)
            woken.clear()


def _since(messages: list[dict[str, Any]], seen: str | None) -> list[dict[str, Any]]:
    known = [message["id"] for message in messages]
    return messages[known.index(seen) + 1 :] if seen in known else messages


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
