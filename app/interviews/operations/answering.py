"""Begin an interview and answer its questions, in a form or in a conversation."""

from collections.abc import Mapping

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import Conflict, Fault, Invalid
from app.interviews import interviewer, queries
from app.interviews.interviewer import YOU_DECIDE, Question
from app.interviews.models import Interview
from app.interviews.operations.base import (
    LONGEST_ANSWER,
    form_of,
    keep_form,
    may_answer,
    read_app,
    say,
    words_of,
)
from app.interviews.operations.conversing import ask, go_on_talking
from app.organizations.operations import tokens_left
from app.requests import operations as requests
from app.requests.models import ProductRequest, RequestStatus, WorkflowAction

_NO_TOKENS = (
    "Your organization has used what it may use of the language model this month, so these questions are "
    "asked without it."
)


def start(request: ProductRequest, *, by: User, said: str = "") -> Interview:
    """Begin the questions of a draft; one that has begun is simply returned.

    It is a conversation where there is a language model that the project asks and that may be asked, else a
    form. `said` opens a conversation.
    """
    may_answer(by, request)
    known = queries.interview_of(request)
    if known is not None and request.status is RequestStatus.INTERVIEWING:
        return known
    outline, commit = read_app(request)
    interview = Interview(
        request=request, request_id=request.id, mode="guided", commit_sha=commit, messages=[]
    )
    interview.outline, interview.said_before = outline.as_dict(), ""
    wants_model = queries.model_asking_about(request) is not None
    if wants_model and tokens_left(request.project.organization) == 0:
        wants_model, interview.trouble = False, _NO_TOKENS
    if wants_model:
        interview.mode, interview.questions = interviewer.ByModel.mode, []
        if said.strip():
            say(interview, "user", said.strip()[:LONGEST_ANSWER])
    else:
        keep_form(interview, *form_of(interview, {}))
    with transaction():
        requests.move(
            request, WorkflowAction.START_INTERVIEW, by=by, payload={"conversationId": str(interview.id)}
        )
        session.add(interview)
        if wants_model:
            session.flush()  # its run is about it
            ask.later(interview.id, topic=request.id)
    return interview


def answer(
    request: ProductRequest,
    *,
    by: User,
    answers: Mapping[str, str] | None = None,
    content: str | None = None,
) -> Interview:
    """Take answers by question, or one text for the next question; starts the interview of a draft."""
    may_answer(by, request)
    if request.status not in {RequestStatus.DRAFT, RequestStatus.INTERVIEWING}:
        raise Conflict("The questions are over. Start them again to change what was answered.")
    is_new = request.status is RequestStatus.DRAFT
    interview = start(request, by=by, said=content or "")
    given = dict(answers or {})
    if interview.is_talk:
        if not is_new or given:
            _check(interview, given)
            go_on_talking(interview, given, (content or "").strip())
        return interview
    if content and content.strip():
        given |= _as_answer(interview, content)
    _check(interview, given)
    _fill_in(interview, given)
    return interview


def _fill_in(interview: Interview, given: Mapping[str, str]) -> None:
    """Keep answers of the form, and what they come to."""
    questions = [Question.from_dict(question) for question in interview.questions]
    kept = {**interview.answers, **{key: value.strip()[:LONGEST_ANSWER] for key, value in given.items()}}
    form = form_of(interview, kept)
    with transaction():
        interview.answers = kept
        for question in questions:
            if question.id in given and given[question.id].strip():
                say(interview, "assistant", question.text)
                say(interview, "user", words_of(question, kept[question.id]))
        keep_form(interview, *form)
        changed(str(interview.request_id))


def _as_answer(interview: Interview, content: str) -> dict[str, str]:
    waiting = [question for question in interview.open_questions if question["allow_text"]]
    if not waiting:
        raise Conflict(
            "Every question that takes a text is answered. Accept what it came to, or change an answer."
        )
    return {waiting[0]["id"]: content.strip()}


def _check(interview: Interview, given: Mapping[str, str]) -> None:
    known = {question["id"]: Question.from_dict(question) for question in interview.questions}
    faults: list[Fault] = []
    for key, value in given.items():
        question = known.get(key)
        if question is None:
            words = f"There is no such question. The questions are {', '.join(known) or 'none'}."
            faults.append({"loc": ["body", "answers", key], "msg": words, "type": "unknown_question"})
        elif not question.allow_text and value not in {*(c.id for c in question.choices), YOU_DECIDE, ""}:
            words = f"Choose one of {', '.join(choice.id for choice in question.choices)} or {YOU_DECIDE}."
            faults.append({"loc": ["body", "answers", key], "msg": words, "type": "enum"})
    if faults:
        raise Invalid("Some answers do not belong to a question.", errors=faults)
