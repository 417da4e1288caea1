"""The guided interview: an honest form whose questions come from the request and the app, with no model."""

from app.core.gherkin import GherkinError, ParsedScenario, ParsedStep, parse, scenarios_of
from app.interviews.interviewer.app_outline import AppOutline, Element, Form, Page
from app.interviews.interviewer.brief import Brief
from app.interviews.interviewer.catalogue import YOU_DECIDE, Choice, Question
from app.interviews.interviewer.draft import Draft, compose, prompt_for
from app.interviews.interviewer.port import Guided, Interviewer, interviewers
from app.interviews.interviewer.questions import questions_for
from app.interviews.interviewer.reading import read_outline
from app.interviews.interviewer.running import as_people_see_it
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Assumption

__all__ = [
    "YOU_DECIDE",
    "AppOutline",
    "Assumption",
    "Brief",
    "Choice",
    "Draft",
    "Element",
    "Form",
    "GherkinError",
    "Guided",
    "Interviewer",
    "Page",
    "ParsedScenario",
    "ParsedStep",
    "Question",
    "Scenario",
    "as_people_see_it",
    "compose",
    "interviewers",
    "parse",
    "prompt_for",
    "questions_for",
    "read_outline",
    "scenarios_of",
]
