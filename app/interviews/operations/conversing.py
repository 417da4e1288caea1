"""Have a language model ask the questions, turn by turn; whatever goes wrong with it, a form goes on."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, Failed, Invalid, NotFound
from app.core.jobs import job
from app.core.ledger import Run, RunHandle, RunState
from app.integrations.language_model import Patience
from app.interviews import interviewer, queries
from app.interviews.interviewer import (
    Brief,
    ByModel,
    Question,
    Scenario,
    Turn,
    Utterance,
    prompt_after,
    question_of,
    said_so_far,
)
from app.interviews.models import Interview, InterviewStatus
from app.interviews.operations.base import (
    LONGEST_ANSWER,
    app_of,
    brief_of,
    form_of,
    keep_criteria,
    keep_form,
    may_answer,
    say,
    words_of,
)
from app.language_models.operations import model_for
from app.requests.models import ProductRequest

MOST_TURNS = 12
LONGEST_SECONDS = 90.0
_SILENCE_SECONDS = 30.0
_TRIES = 2
_WRITTEN_EVERY = 0.3


def go_on_talking(interview: Interview, given: Mapping[str, str], content: str) -> None:
    """Take the answer to the question that is open, or a word about what came of it, and ask on."""
    said = dict(given)
    waiting = [Question.from_dict(question) for question in interview.open_questions]
    if content and waiting:
        said.setdefault(waiting[0].id, content)
    if ledger.open_run(ask.kind, interview.id) is not None:
        raise Conflict("The next question is being written. Answer it once it is there.")
    if not (any(value.strip() for value in said.values()) or (content and not waiting)):
        raise Invalid.field("content", "Pick an answer, or write one.", type="missing")
    if set(said) - {question.id for question in waiting}:
        raise Conflict("This was answered already. Say in your own words what should be different.")
    if sum(message["role"] == "assistant" for message in interview.messages) >= MOST_TURNS:
        raise Conflict(
            "This conversation is long enough. Change the words themselves before you accept them."
        )
    with transaction():
        for question in waiting:
            if value := said.get(question.id, "").strip()[:LONGEST_ANSWER]:
                interview.answers = {**interview.answers, question.id: value}
                say(interview, "user", words_of(question, value))
        if not waiting:
            say(interview, "user", content[:LONGEST_ANSWER])
        ask.later(interview.id, topic=interview.request_id)


@job(queue="quick", deadline=150, attempts=2)
def ask(interview_id: UUID) -> None:
    """Have the language model say the next thing, and keep what the conversation has come to."""
    run = ledger.current()
    interview = session.get(Interview, interview_id, populate_existing=True)
    if interview is None or not interview.waits_for_model:
        return
    run.report(phase="asking", message="Being written")
    turn = _turn(interview, run)
    with transaction():
        run.settle()
        session.refresh(interview)
        if not interview.waits_for_model:
            return
        _keep(interview, turn)


def _turn(interview: Interview, run: RunHandle) -> Turn:
    request = interview.request
    model = model_for(request.project.organization_id, tries=_TRIES, silence_seconds=_SILENCE_SECONDS)
    brief, outline = brief_of(request), app_of(interview)
    talk = [Utterance(message["role"], message["content"]) for message in interview.messages]
    scenarios = [Scenario(**each) for each in interview.scenarios]
    let_go()
    asks = ByModel(model, _patience(run, _writing(interview.id, str(request.id))))
    try:
        return asks.turn(brief, outline, talk, scenarios)
    except Cancelled:
        run.check()
        raise Failed(
            "model_slow", f"The language model took longer than {LONGEST_SECONDS:g} seconds."
        ) from None


def _patience(run: RunHandle, reads: Callable[[str], None]) -> Patience:
    until = time.monotonic() + LONGEST_SECONDS

    def wait(moment: datetime | None) -> None:
        if moment is not None:
            run.report(message=f"The language model is busy. It is asked again at {moment:%H:%M:%S} UTC.")

    return Patience(
        reads=reads,
        waits_until=wait,
        is_over=lambda: run.is_cancelled or time.monotonic() > until,
    )


def _writing(interview_id: UUID, topic: str) -> Callable[[str], None]:
    """Return what writes down the words for the person while they come, a few times a second."""
    last, at = "", 0.0

    def write(answer: str) -> None:
        nonlocal last, at
        said = said_so_far(answer)
        if said == last or time.monotonic() - at < _WRITTEN_EVERY:
            return
        last, at = said, time.monotonic()
        with transaction():
            session.execute(update(Interview).where(Interview.id == interview_id).values(speaking=said))
            changed(topic)

    return write


def _keep(interview: Interview, turn: Turn) -> None:
    interview.speaking = ""
    if not turn.is_complete:
        question = question_of(turn, len(interview.questions) + 1)
        interview.questions = [*interview.questions, asdict(question)]
    say(interview, "assistant", turn.say)
    prompt = prompt_after(
        brief_with_talk(interview), app_of(interview), turn.assumptions, gherkin=turn.gherkin
    )
    keep_criteria(
        interview,
        gherkin=turn.gherkin,
        prompt=prompt,
        scenarios=turn.scenarios,
        assumptions=turn.assumptions,
    )
    changed(str(interview.request_id))


def brief_with_talk(interview: Interview) -> Brief:
    """Return what a request says, with all that was said of it in the conversation."""
    brief = brief_of(interview.request)
    return replace(brief, description="\n\n".join(filter(None, [brief.description, _talk_of(interview)])))


def _talk_of(interview: Interview) -> str:
    """Return what a person said, after what they were asked; what nobody answered is left out."""
    lines, asked = [], ""
    for message in interview.messages:
        if message["role"] == "user":
            lines.append(f"{asked}\n{message['content']}".strip())
            asked = ""
        else:
            asked = message["content"]
    return "\n\n".join(lines)


def go_on_as_form(request: ProductRequest, *, by: User) -> Interview:
    """Leave the conversation for the form; what was said is kept."""
    may_answer(by, request)
    interview = queries.interview_of(request)
    if interview is None:
        raise NotFound("There is no conversation to leave: none has begun.")
    if interview.status is not InterviewStatus.OPEN or not interview.is_talk:
        raise Conflict("This is no conversation with the language model any more.")
    with transaction():
        _become_form(interview, None)
        stop_asking(interview)
    return interview


def stop_asking(interview: Interview) -> None:
    """End the turn that a language model is at, where there is one."""
    session.flush()  # the end of the run looks at it
    run = ledger.open_run(ask.kind, interview.id)
    if run is not None:
        ledger.cancel(run)


@ledger.when_ended("interviews.ask")
def note_end(run: Run) -> None:
    """Let the form take over where the language model gave nothing, and say why."""
    interview = session.get(Interview, UUID(run.subject_id), populate_existing=True)
    if interview is not None and interview.waits_for_model:
        was_stopped = run.state is RunState.CANCELLED
        reason = " ".join(filter(None, [run.error_message, run.error_suggestion]))
        _become_form(interview, None if was_stopped else reason)


def _become_form(interview: Interview, reason: str | None) -> None:
    interview.said_before, interview.trouble, interview.speaking = _talk_of(interview), reason, ""
    interview.mode, interview.answers = interviewer.Guided.mode, {}
    keep_form(interview, *form_of(interview, {}))
    changed(str(interview.request_id))
