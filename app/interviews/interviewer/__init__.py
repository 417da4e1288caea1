"""Who interviews: a form whose questions come from request and app, or a conversation with a model."""

from app.core.gherkin import GherkinError, ParsedScenario, ParsedStep, parse, scenarios_of
from app.interviews.interviewer.app_outline import AppOutline, Element, Form, Page
from app.interviews.interviewer.brief import Brief
from app.interviews.interviewer.by_model import (
    MOST_QUESTIONS,
    ByModel,
    prompt_after,
    question_of,
    said_so_far,
)
from app.interviews.interviewer.catalogue import YOU_DECIDE, Choice, Question
from app.interviews.interviewer.draft import Draft, compose, prompt_for
from app.interviews.interviewer.port import Conversation, Guided, Interviewer, Turn, Utterance, interviewers
from app.interviews.interviewer.questions import questions_for
from app.interviews.interviewer.reading import read_outline
from app.interviews.interviewer.running import as_people_see_it
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Assumption

__all__ = [
    "MOST_QUESTIONS",
    "YOU_DECIDE",
    "AppOutline",
    "Assumption",
    "Brief",
    "ByModel",
    "Choice",
    "Conversation",
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
    "Turn",
    "Utterance",
    "as_people_see_it",
    "compose",
    "interviewers",
    "parse",
    "prompt_after",
    "prompt_for",
    "question_of",
    "questions_for",
    "read_outline",
    "said_so_far",
    "scenarios_of",
]
