"""Who asks: the ports, and the interviewer that needs no account and no model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.interviews.interviewer.app_outline import AppOutline
from app.interviews.interviewer.brief import Brief
from app.interviews.interviewer.catalogue import Question
from app.interviews.interviewer.draft import Draft, compose, prompt_for
from app.interviews.interviewer.questions import questions_for
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Assumption

Answers = Mapping[str, str]


class Interviewer(Protocol):
    """Asks what a request leaves open, and writes down what the answers come to."""

    @property
    def mode(self) -> str: ...

    def questions(self, brief: Brief, outline: AppOutline, answers: Answers) -> list[Question]:
        """Return what to ask, with what was answered so far in mind."""
        ...

    def draft(self, brief: Brief, outline: AppOutline, questions: list[Question], answers: Answers) -> Draft:
        """Return the scenarios, the assumptions and the prompt, as they stand."""
        ...

    def prompt(
        self, brief: Brief, outline: AppOutline, questions: list[Question], answers: Answers, *, gherkin: str
    ) -> str:
        """Return the prompt for criteria that a person has changed."""
        ...


@dataclass(frozen=True)
class Utterance:
    """One thing said in a conversation, by the `assistant` or the `user`."""

    role: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What is said next, and what the conversation has come to; a complete one asks nothing."""

    say: str
    suggestions: list[str]
    scenarios: list[Scenario]
    assumptions: list[Assumption]
    gherkin: str
    is_complete: bool


class Conversation(Protocol):
    """Asks one question after the other, each with all that was said in mind, until it is complete."""

    @property
    def mode(self) -> str: ...

    def turn(
        self, brief: Brief, outline: AppOutline, talk: Sequence[Utterance], scenarios: Sequence[Scenario]
    ) -> Turn:
        """Return the next turn; raises Failed with a reason where none could be had."""
        ...


class Guided:
    """A form: its questions and its sentences come from rules, and the same answers give the same words."""

    mode = "guided"

    def questions(self, brief: Brief, outline: AppOutline, answers: Answers) -> list[Question]:
        return questions_for(brief, outline, answers)

    def draft(self, brief: Brief, outline: AppOutline, questions: list[Question], answers: Answers) -> Draft:
        return compose(brief, outline, questions, answers)

    def prompt(
        self, brief: Brief, outline: AppOutline, questions: list[Question], answers: Answers, *, gherkin: str
    ) -> str:
        return prompt_for(brief, outline, questions, answers, gherkin=gherkin)


def interviewers() -> dict[str, Interviewer]:
    """Return who can ask here, by mode, the one without any condition first."""
    return {each.mode: each for each in (Guided(),)}
