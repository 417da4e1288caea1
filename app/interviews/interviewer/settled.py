"""Every fact of a request settled: said in it, answered, or assumed by a rule that is named."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from app.interviews.interviewer.app_outline import AppOutline, Element, Page
from app.interviews.interviewer.brief import Brief, Said, already_said
from app.interviews.interviewer.catalogue import FIXED, Question, given_in
from app.interviews.interviewer.roads import road_of
from app.interviews.interviewer.rules import Rule, kind_rule, rule_for

Source = Literal["said", "answered", "assumed"]


@dataclass(frozen=True)
class Assumption:
    """Something that nobody said, what was taken instead, and by which rule."""

    question_id: str
    text: str


@dataclass(frozen=True)
class Fact:
    id: str
    value: str
    source: Source


@dataclass(frozen=True)
class Settled:
    """All that a request's scenarios are written from."""

    brief: Brief
    outline: AppOutline
    said: Said
    road: list[str]
    facts: dict[str, Fact]
    assumptions: list[Assumption]

    def value(self, fact: str) -> str:
        return self.facts[fact].value if fact in self.facts else ""

    def source(self, fact: str) -> Source | None:
        return self.facts[fact].source if fact in self.facts else None

    def answered(self, *facts: str) -> list[str]:
        """Those of the facts that came from an answer."""
        return [fact for fact in facts if self.source(fact) == "answered"]

    @property
    def page(self) -> Page | None:
        return self.outline.page(self.value("page"))

    def element(self, fact: str) -> Element | None:
        return self.outline.element(self.value(fact))


def settle(
    brief: Brief, outline: AppOutline, questions: list[Question], answers: Mapping[str, str]
) -> Settled:
    """Take what was said, then what was answered, then the rules, in this order."""
    said = already_said(brief, outline)
    given = {key: _answer(value, key, questions, outline) for key, value in given_in(answers).items()}
    facts = {fact: Fact(fact, value, "answered") for fact, value in given.items()}
    facts = _afterwards(facts) | facts
    facts |= {fact: Fact(fact, value, "said") for fact, value in said.facts.items()}
    facts |= _page_of_part(facts, outline)
    known = {fact: each.value for fact, each in facts.items()}
    road = road_of(brief, outline, known)
    texts = {**{fact: each.text for fact, each in FIXED.items()}, **_OTHER_TEXTS}
    texts |= {question.id: question.text for question in questions}
    asked = {question.id for question in questions}
    assumptions = []
    for fact in road:
        if fact not in known:
            rule = kind_rule(fact) if fact in {"need", "change"} else rule_for(fact, brief, outline, known)
            known[fact], facts[fact] = rule.value, Fact(fact, rule.value, "assumed")
            assumptions.append(Assumption(fact if fact in asked else "", _sentence(texts[fact], rule)))
    return Settled(brief, outline, said, road, {fact: facts[fact] for fact in road}, assumptions)


def _answer(value: str, fact: str, questions: list[Question], outline: AppOutline) -> str:
    """An answer as it stands; a choice whose page is gone meanwhile becomes its label."""
    for question in questions:
        offered = question.id == fact and any(choice.id == value for choice in question.choices)
        if offered and ":" in value and outline.page(value) is None and outline.element(value) is None:
            return question.label_of(value)
    return value


def _afterwards(facts: dict[str, Fact]) -> dict[str, Fact]:
    """The general answer put where the kind of change wants it, for a form that was not asked again."""
    change, expected = facts.get("change"), facts.get("expected")
    wanted = {"words": "words", "look": "look", "move": "place"}.get(change.value if change else "")
    return {wanted: replace(expected, id=wanted)} if wanted and expected else {}


def _page_of_part(facts: dict[str, Fact], outline: AppOutline) -> dict[str, Fact]:
    """Whoever names a part of one page has named the page."""
    for fact in ("element", "place", "action"):
        element = outline.element(facts[fact].value) if fact in facts else None
        page = outline.page_at(element.page) if element is not None else None
        if "page" not in facts and page is not None:
            return {"page": replace(facts[fact], id="page", value=page.id)}
    return {}


def _sentence(asked: str, rule: Rule) -> str:
    return f"{asked} Assumed: {rule.words}, because {rule.because}."


# How those questions read that are worded for each app, for the list of what was never asked.
_OTHER_TEXTS = {
    "page": "Which page is it about?",
    "place": "Where on the page?",
    "element": "Which part of it?",
    "action": "What are people doing when it happens?",
    "outcome": "How do people notice that it worked?",
    "edge": "And if something is missing or nothing is found?",
    "area": "Which part of the app is it about?",
    "done": "How can somebody see that it is done?",
}
