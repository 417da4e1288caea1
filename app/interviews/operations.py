"""What is done in an interview: begin, answer, accept what it came to, begin anew."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import iso, now
from app.core.db import let_go, session, transaction
from app.core.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from app.core.ids import uuid7
from app.engine.pages import pages_of
from app.interviews import interviewer, queries
from app.interviews.interviewer import YOU_DECIDE, AppOutline, Brief, Draft, Question, interviewers
from app.interviews.models import Interview, InterviewStatus
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ActivityType, ProductRequest, RequestStatus, WorkflowAction
from app.requests.permissions import can_edit

LONGEST_ANSWER = 2_000
PATIENCE = 1.0  # seconds that the running app has to show its pages
_REFUSAL = "Only who asked for this, or a developer, can answer its questions."


def start(request: ProductRequest, *, by: User) -> Interview:
    """Begin the questions of a draft; one that has begun is simply returned."""
    _may(by, request)
    known = queries.interview_of(request)
    if known is not None and request.status is RequestStatus.INTERVIEWING:
        return known
    brief = _brief(request)
    outline, commit = _outline(request)
    asks = interviewer.Guided()
    questions = asks.questions(brief, outline, {})
    interview = Interview(request=request, request_id=request.id, mode=asks.mode, commit_sha=commit)
    interview.outline = outline.as_dict()
    interview.questions = [asdict(question) for question in questions]
    _take_over(interview, asks.draft(brief, outline, questions, {}))
    with transaction():
        requests.move(
            request, WorkflowAction.START_INTERVIEW, by=by, payload={"conversationId": str(interview.id)}
        )
        session.add(interview)
    return interview


def answer(
    request: ProductRequest,
    *,
    by: User,
    answers: Mapping[str, str] | None = None,
    content: str | None = None,
) -> Interview:
    """Take answers by question, or one text for the next question; starts the interview of a draft."""
    _may(by, request)
    if request.status not in {RequestStatus.DRAFT, RequestStatus.INTERVIEWING}:
        raise Conflict("The questions are over. Start them again to change what was answered.")
    interview = start(request, by=by)
    given = dict(answers or {})
    if content and content.strip():
        given |= _as_answer(interview, content)
    _check(interview, given)
    questions = [Question.from_dict(question) for question in interview.questions]
    kept = {**interview.answers, **{key: value.strip()[:LONGEST_ANSWER] for key, value in given.items()}}
    outline = _outline_of(interview)
    asks = interviewers()[interview.mode]
    following = asks.questions(_brief(request), outline, kept)
    draft = asks.draft(_brief(request), outline, following, kept)
    with transaction():
        interview.answers = kept
        interview.questions = [asdict(question) for question in following]
        for question in questions:
            if question.id in given and given[question.id].strip():
                _say(interview, "assistant", question.text)
                _say(interview, "user", _words(question, kept[question.id]))
        _take_over(interview, draft)
        changed(str(request.id))
    return interview


def complete(
    request: ProductRequest, *, by: User, gherkin: str | None = None, prompt: str | None = None
) -> Interview | None:
    """Accept how it will be checked; criteria that do not parse are refused by line and column."""
    _may(by, request)
    interview = queries.interview_of(request)
    criteria = gherkin if gherkin is not None else interview.gherkin if interview else ""
    faults: list[Fault] = [
        {
            "loc": ["body", "gherkinCriteria", fault.line, fault.column],
            "msg": fault.message,
            "type": "gherkin",
        }
        for fault in interviewer.parse(criteria)
    ]
    if faults:
        first = faults[0]
        raise Invalid(f"The criteria cannot be read: line {first['loc'][2]}: {first['msg']}", errors=faults)
    chosen = prompt if prompt is not None else _prompt_for(request, interview, criteria)
    if not chosen.strip():
        raise Invalid.field("agentPrompt", "Write what shall be built.", type="missing")
    with transaction():
        payload = {
            "conversationId": str(interview.id) if interview else None,
            "gherkinCriteria": criteria,
            "agentPrompt": chosen,
        }
        requests.move(request, WorkflowAction.COMPLETE_INTERVIEW, by=by, payload=payload)
        if interview is not None:
            interview.gherkin, interview.prompt = criteria, chosen
            interview.status, interview.completed_at = InterviewStatus.COMPLETED, now()
    return interview


def reset(request: ProductRequest, *, by: User) -> None:
    """Begin the questions anew; what was said before stays in the activity."""
    _may(by, request)
    interview = queries.interview_of(request)
    if interview is None:
        raise NotFound("There are no questions to begin anew: none were asked yet.")
    with transaction():
        if request.status is RequestStatus.INTERVIEWING:
            request.move_to(RequestStatus.DRAFT)
            requests.record(
                request,
                ActivityType.INTERVIEW,
                "began the questions anew",
                by=by,
                payload=_history(interview),
            )
        else:
            requests.move(request, WorkflowAction.RESET_INTERVIEW, by=by, payload=_history(interview))
        interview.status, interview.completed_at = InterviewStatus.RESET, None


def _may(by: User, request: ProductRequest) -> None:
    if not can_edit(by, request):
        raise NotAllowed(_REFUSAL)


def _brief(request: ProductRequest) -> Brief:
    return Brief(
        title=request.title,
        description=request.description,
        type=request.type.value,
        priority=request.priority.value,
    )


def _outline(request: ProductRequest) -> tuple[AppOutline, str | None]:
    """Read the app's pages as their files are on the main branch, and as what runs of it shows them."""
    repository = repository_of(request.project)
    commit = repository.head(request.project.default_branch)
    if commit is None:
        return interviewer.read_outline([], _no_file), None
    files = repository.files(commit)
    outline = interviewer.read_outline(files, lambda path: repository.blob(str(commit), path))
    let_go()
    return interviewer.as_people_see_it(outline, lambda paths: _running(request, paths)), commit


def _running(request: ProductRequest, paths: list[str]) -> dict[str, str]:
    """Ask what is live for its pages, or else the request's own preview."""
    labels = (request.project.host_label, request.preview_label)
    return next((found for label in labels if (found := pages_of(label, paths, seconds=PATIENCE))), {})


def _outline_of(interview: Interview) -> AppOutline:
    """Return the app as it was when the questions were made, so that they stay the same."""
    return AppOutline.from_dict(interview.outline) if interview.outline else _outline(interview.request)[0]


def _no_file(path: str) -> bytes:
    raise NotFound(f"{path} is not there: the repository is empty.")


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


def _words(question: Question, value: str) -> str:
    return "You decide" if value == YOU_DECIDE else question.label_of(value)


def _say(interview: Interview, role: str, content: str) -> None:
    entry = {"id": str(uuid7()), "role": role, "content": content, "createdAt": iso(now())}
    interview.messages = [*interview.messages, entry]


def _take_over(interview: Interview, draft: Draft) -> None:
    interview.gherkin, interview.prompt = draft.gherkin, draft.prompt
    interview.assumptions = [asdict(assumption) for assumption in draft.assumptions]
    interview.scenarios = [asdict(scenario) for scenario in draft.scenarios]


def _prompt_for(request: ProductRequest, interview: Interview | None, criteria: str) -> str:
    if interview is not None and criteria == interview.gherkin:
        return interview.prompt
    outline = _outline_of(interview) if interview is not None else _outline(request)[0]
    questions = [Question.from_dict(question) for question in interview.questions] if interview else []
    answers = interview.answers if interview else {}
    asks = interviewers()[interview.mode] if interview is not None else interviewer.Guided()
    return asks.prompt(_brief(request), outline, questions, answers, gherkin=criteria)


def _history(interview: Interview) -> dict[str, Any]:
    return {
        "conversationId": str(interview.id),
        "messages": interview.messages,
        "gherkinCriteria": interview.gherkin,
    }
