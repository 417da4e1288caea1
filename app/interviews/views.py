"""The interview's page: a form whose scenarios grow beside it, then the criteria to accept."""

from typing import Annotated, Any

from flask import Blueprint, Response, request
from pydantic import Field

from app.core.errors import Invalid
from app.interviews import interviewer, operations, queries
from app.interviews.interviewer import YOU_DECIDE
from app.interviews.models import Interview
from app.interviews.panel import talk_of
from app.projects.queries import project_at
from app.requests.models import ProductRequest, RequestStatus
from app.requests.permissions import can_edit
from app.requests.queries import request_numbered
from app.web.guards import me
from app.web.pages import done, load_or_404, render, wants_fragment
from app.web.schemas import Form, Schema

blueprint = Blueprint("interviews", __name__)

_ADDRESS = "/<organization>/<project>/requests/<int:number>/interview"
_ASKING = {RequestStatus.DRAFT, RequestStatus.INTERVIEWING}


class Criteria(Schema):
    """What is accepted."""

    gherkin_criteria: Annotated[str, Field(max_length=100_000)]
    agent_prompt: Annotated[str, Field(max_length=200_000)]


class Reply(Schema):
    """What somebody says in a conversation: a text of their own, else the answer that was picked."""

    text: Annotated[str, Field(max_length=2_000)] = ""
    question: str = ""
    choice: str = ""

    def what(self) -> dict[str, Any]:
        """Return what an operation needs to take it."""
        if self.question and self.choice and not self.text:
            return {"answers": {self.question: self.choice}}
        return {"content": self.text}


def _request(organization: str, project: str, number: int) -> ProductRequest:
    found = load_or_404(project_at(me(), organization, project))
    return load_or_404(request_numbered(me(), found, number))


def _context(wanted: ProductRequest, interview: Interview | None) -> dict[str, Any]:
    gherkin = interview.gherkin if interview else wanted.gherkin_criteria or ""
    return {
        "request_": wanted,
        "interview": interview,
        "you_decide": YOU_DECIDE,
        "is_asking": wanted.status in _ASKING,
        "talk": talk_of(interview) if interview is not None and wanted.status in _ASKING else None,
        "model": queries.model_asking_about(wanted) if interview is None else None,
        "may_answer": can_edit(me(), wanted),
        "scenarios": interviewer.scenarios_of(gherkin),
        "sources": _sources(interview) if interview is not None and wanted.status in _ASKING else [],
    }


def _sources(interview: Interview) -> list[list[dict[str, Any]]]:
    """Return of each scenario the questions whose answers it came from, by their number."""
    numbers = {question["id"]: number for number, question in enumerate(interview.questions, 1)}
    numbers = {key: number for key, number in numbers.items() if interview.answers.get(key)}
    return [
        [{"id": each, "number": numbers[each]} for each in scenario["question_ids"] if each in numbers]
        for scenario in interview.scenarios
    ]


@blueprint.get(_ADDRESS)
def show_interview(organization: str, project: str, number: int) -> Response:
    """Ask the questions, beside what they have come to; a conversation polls while the model writes."""
    wanted = _request(organization, project, number)
    context = _context(wanted, queries.interview_of(wanted))
    if wants_fragment() and context["talk"] is None:  # a form took over
        return done(f"{wanted.path}/interview")
    return render("interviews/page.html", fragment="interviews/_talk.html", **context)


@blueprint.post(_ADDRESS)
def start_interview(organization: str, project: str, number: int) -> Response:
    """Begin the questions."""
    wanted = _request(organization, project, number)
    operations.start(wanted, by=me())
    return done(f"{wanted.path}/interview")


@blueprint.post(f"{_ADDRESS}/answers")
def answer(organization: str, project: str, number: int) -> Response:
    """Take what is answered so far; htmx swaps the scenarios beside it, else the page is shown again."""
    wanted = _request(organization, project, number)
    interview = operations.answer(wanted, by=me(), answers=_answers())
    asked = {name.partition(".")[2] for name in request.form} | set(interview.answers)
    is_settled = all(question["id"] in asked for question in interview.questions) or "seen" in request.form
    address = f"{wanted.path}/interview" + ("/criteria" if "accept" in request.form and is_settled else "")
    return done(address, fragment="interviews/_scenarios.html", **_context(wanted, interview))


@blueprint.post(f"{_ADDRESS}/reply")
def reply(organization: str, project: str, number: int) -> Response:
    """Say something in a conversation; the next turn of the model begins with it."""
    wanted, form = _request(organization, project, number), Form(Reply)
    form.submit(lambda sent: operations.answer(wanted, by=me(), **sent.what()))
    context = _context(wanted, queries.interview_of(wanted))
    if form.errors and context["talk"] is not None:
        page, part = "interviews/page.html", "interviews/_talk.html"
        return render(page, fragment=part, status=422, reply=form, **context)
    return done(f"{wanted.path}/interview", fragment=context["talk"] and "interviews/_talk.html", **context)


@blueprint.post(f"{_ADDRESS}/form")
def fill_in_a_form(organization: str, project: str, number: int) -> Response:
    """Leave the conversation for the form."""
    wanted = _request(organization, project, number)
    operations.go_on_as_form(wanted, by=me())
    return done(f"{wanted.path}/interview")


def _answers() -> dict[str, str]:
    """Read the form: a text that was written wins over the choice beside it."""
    given: dict[str, str] = {}
    for name, value in request.form.items():
        kind, _, question = name.partition(".")
        if kind == "choice" and value and not given.get(question):
            given[question] = value
        elif kind == "text" and value.strip():
            given[question] = value.strip()
    return given


@blueprint.get(f"{_ADDRESS}/criteria")
def show_criteria(organization: str, project: str, number: int) -> Response:
    """Show the criteria and the prompt, to be edited and accepted."""
    wanted = _request(organization, project, number)
    return _criteria_page(wanted, None)


@blueprint.post(f"{_ADDRESS}/criteria")
def accept_criteria(organization: str, project: str, number: int) -> Response:
    """Accept how it will be checked, edited or as it stands."""
    wanted = _request(organization, project, number)
    form = Form(Criteria)
    if not form.errors:
        try:
            operations.complete(
                wanted, by=me(), gherkin=form.valid.gherkin_criteria, prompt=form.valid.agent_prompt
            )
        except Invalid as trouble:
            form.errors.update(_by_field(trouble))
        else:
            return done(wanted.path)
    return _criteria_page(wanted, form, status=422)


def _by_field(trouble: Invalid) -> dict[str, str]:
    """Gather what is wrong under its field; the criteria name the line."""
    found: dict[str, str] = {}
    for fault in trouble.errors:
        _, field, *place = fault["loc"]
        name = "gherkin_criteria" if field == "gherkinCriteria" else "agent_prompt"
        words = f"Line {place[0]}: {fault['msg']}" if place else fault["msg"]
        found[name] = f"{found[name]} {words}" if name in found else words
    return found or {"": trouble.message}


def _criteria_page(wanted: ProductRequest, form: Form[Criteria] | None, status: int = 200) -> Response:
    interview = queries.interview_of(wanted)
    return render("interviews/criteria.html", status=status, form=form, **_context(wanted, interview))


@blueprint.post(f"{_ADDRESS}/reset")
def reset_interview(organization: str, project: str, number: int) -> Response:
    """Begin the questions anew."""
    wanted = _request(organization, project, number)
    operations.reset(wanted, by=me())
    return done(f"{wanted.path}/interview")
