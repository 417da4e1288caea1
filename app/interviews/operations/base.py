"""What all that is done in an interview shares: the request and the app as they are, and what is kept."""

from collections.abc import Mapping
from dataclasses import asdict

from app.accounts.models import User
from app.core.clock import iso, now
from app.core.db import let_go
from app.core.errors import NotAllowed, NotFound
from app.core.ids import uuid7
from app.engine.pages import pages_of
from app.interviews import interviewer
from app.interviews.interviewer import (
    YOU_DECIDE,
    AppOutline,
    Assumption,
    Brief,
    Draft,
    Guided,
    Question,
    Scenario,
)
from app.interviews.models import Interview
from app.projects.queries import repository_of
from app.requests.models import ProductRequest
from app.requests.permissions import can_edit

LONGEST_ANSWER = 2_000
PATIENCE = 1.0  # seconds that the running app has to show its pages
_REFUSAL = "Only who asked for this, or a developer, can answer its questions."


def may_answer(by: User, request: ProductRequest) -> None:
    """Refuse whoever may not answer the questions of a request."""
    if not can_edit(by, request):
        raise NotAllowed(_REFUSAL)


def brief_of(request: ProductRequest, interview: Interview | None = None) -> Brief:
    """Return what a request says, with what was said of it before a form took over."""
    said = interview.said_before if interview is not None else ""
    return Brief(
        title=request.title,
        description="\n\n".join(filter(None, [request.description, said])),
        type=request.type.value,
        priority=request.priority.value,
    )


def read_app(request: ProductRequest) -> tuple[AppOutline, str | None]:
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


def app_of(interview: Interview) -> AppOutline:
    """Return the app as it was when the questions were made, so that they stay the same."""
    return AppOutline.from_dict(interview.outline) if interview.outline else read_app(interview.request)[0]


def _no_file(path: str) -> bytes:
    raise NotFound(f"{path} is not there: the repository is empty.")


def words_of(question: Question, value: str) -> str:
    """Return an answer as a person reads it."""
    return "You decide" if value == YOU_DECIDE else question.label_of(value)


def say(interview: Interview, role: str, content: str) -> None:
    """Add something to what was said."""
    entry = {"id": str(uuid7()), "role": role, "content": content, "createdAt": iso(now())}
    interview.messages = [*interview.messages, entry]


def keep_criteria(
    interview: Interview,
    *,
    gherkin: str,
    prompt: str,
    scenarios: list[Scenario],
    assumptions: list[Assumption],
) -> None:
    """Keep what an interview has come to so far."""
    interview.gherkin, interview.prompt = gherkin, prompt
    interview.assumptions = [asdict(assumption) for assumption in assumptions]
    interview.scenarios = [asdict(scenario) for scenario in scenarios]


def form_of(interview: Interview, answers: Mapping[str, str]) -> tuple[list[Question], Draft]:
    """Return what the form asks after some answers, and what they come to."""
    brief, outline, asks = brief_of(interview.request, interview), app_of(interview), Guided()
    questions = asks.questions(brief, outline, answers)
    return questions, asks.draft(brief, outline, questions, answers)


def keep_form(interview: Interview, questions: list[Question], draft: Draft) -> None:
    """Keep what the form asks, and what it has come to so far."""
    interview.questions = [asdict(question) for question in questions]
    keep_criteria(
        interview,
        gherkin=draft.gherkin,
        prompt=draft.prompt,
        scenarios=draft.scenarios,
        assumptions=draft.assumptions,
    )
