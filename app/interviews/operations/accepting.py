"""Accept what an interview came to, or begin it anew."""

from typing import Any

from app.accounts.models import User
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import Fault, Invalid, NotFound
from app.interviews import interviewer, queries
from app.interviews.interviewer import Assumption, Question, interviewers
from app.interviews.models import Interview, InterviewStatus
from app.interviews.operations.base import app_of, brief_of, may_answer, read_app
from app.interviews.operations.conversing import brief_with_talk, stop_asking
from app.requests import operations as requests
from app.requests.models import ActivityType, ProductRequest, RequestStatus, WorkflowAction


def complete(
    request: ProductRequest, *, by: User, gherkin: str | None = None, prompt: str | None = None
) -> Interview | None:
    """Accept how it will be checked; criteria that do not parse are refused by line and column."""
    may_answer(by, request)
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
            stop_asking(interview)
    return interview


def reset(request: ProductRequest, *, by: User) -> None:
    """Begin the questions anew; what was said before stays in the activity."""
    may_answer(by, request)
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
        stop_asking(interview)


def _prompt_for(request: ProductRequest, interview: Interview | None, criteria: str) -> str:
    if interview is not None and criteria == interview.gherkin:
        return interview.prompt
    if interview is not None and interview.is_talk:
        assumptions = [Assumption(**each) for each in interview.assumptions]
        brief = brief_with_talk(interview)
        return interviewer.prompt_after(brief, app_of(interview), assumptions, gherkin=criteria)
    outline = app_of(interview) if interview is not None else read_app(request)[0]
    questions = [Question.from_dict(question) for question in interview.questions] if interview else []
    answers = interview.answers if interview else {}
    asks = interviewers()[interview.mode] if interview is not None else interviewer.Guided()
    return asks.prompt(brief_of(request, interview), outline, questions, answers, gherkin=criteria)


def _history(interview: Interview) -> dict[str, Any]:
    return {
        "conversationId": str(interview.id),
        "messages": interview.messages,
        "gherkinCriteria": interview.gherkin,
    }
