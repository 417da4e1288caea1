"""Every fact of a request settled: said in it, answered, or assumed by a rule that is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.gherkin import one_line
from app.interviews.interviewer.app_outline import AppOutline, Element, Page
from app.interviews.interviewer.brief import Brief, Said, already_said, words_of
from app.interviews.interviewer.questions import YOU_DECIDE, Question
from app.interviews.interviewer.roads import road_of
from app.interviews.interviewer.wording import quoted

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

    def is_assumed(self, fact: str) -> bool:
        return self.source(fact) == "assumed"

    @property
    def page(self) -> Page | None:
        """The page in question: the one chosen, or the one that holds the part that was chosen."""
        for fact in ("element", "place", "action"):
            element = self.element(fact)
            if self.is_assumed("page") and not self.is_assumed(fact) and element is not None:
                return self.outline.page_at(element.page)
        return self.outline.page(self.value("page"))

    def element(self, fact: str) -> Element | None:
        return self.outline.element(self.value(fact))


def settle(
    brief: Brief, outline: AppOutline, questions: list[Question], answers: Mapping[str, str]
) -> Settled:
    """Take what was said, then what was answered, then the rules, in this order."""
    said = already_said(brief, outline)
    given = {key: value for key, value in answers.items() if value.strip() and value != YOU_DECIDE}
    road = road_of(brief, outline, {**given, **said.facts})
    if not {"need", "change"} & {*given, *said.facts}:
        # What kind of thing it is decides which facts are needed at all, so it is settled first.
        kind: dict[str, str] = {fact: _RULES[fact][0] for fact in ("need", "change") if fact in road}
        road = road_of(brief, outline, {**given, **said.facts, **kind})
    texts = {question.id: question.text for question in questions}
    facts: dict[str, Fact] = {}
    assumptions: list[Assumption] = []
    for fact in road:
        if fact in said.facts:
            facts[fact] = Fact(fact, said.facts[fact], "said")
        elif fact in given:
            facts[fact] = Fact(fact, _answer(given[fact], fact, questions, outline), "answered")
        else:
            value, words, rule = _rule(fact, brief, outline)
            facts[fact] = Fact(fact, value, "assumed")
            asked = texts.get(fact, _ASKED_AS.get(fact, fact.capitalize()))
            assumptions.append(
                Assumption(fact if fact in texts else "", f"{asked} Assumed: {words}, because {rule}.")
            )
    settled = Settled(brief, outline, said, road, facts, assumptions)
    return _without_contradiction(settled)


def _answer(value: str, fact: str, questions: list[Question], outline: AppOutline) -> str:
    """An answer as it stands; a choice whose page is gone meanwhile becomes its label."""
    for question in questions:
        offered = question.id == fact and any(choice.id == value for choice in question.choices)
        if offered and ":" in value and outline.page(value) is None and outline.element(value) is None:
            return question.label_of(value)
    return value


def _without_contradiction(settled: Settled) -> Settled:
    """A part that was named tells its page, so the page is no assumption."""
    if not settled.is_assumed("page") or settled.page is None or settled.page.id == settled.value("page"):
        return settled
    facts = {**settled.facts, "page": Fact("page", settled.page.id, "said")}
    kept = [each for each in settled.assumptions if not each.text.startswith(_PAGE_QUESTIONS)]
    return Settled(settled.brief, settled.outline, settled.said, settled.road, facts, kept)


_PAGE_QUESTIONS = ("On which page", "Which page")

_ASKED_AS = {
    "who": "Who may use it?",
    "keep": "What must stay exactly as it is?",
    "often": "How often?",
    "edge": "And if something is missing or nothing is found?",
    "place": "Where on the page?",
    "device": "On which device?",
    "goes_to": "Where should it go when it is sent?",
    "action": "What are people doing when it happens?",
    "notice": "May visitors notice anything?",
    "page": "Which page is it about?",
    "content": "What should stand there?",
    "entry": "How do people get to the new page?",
    "outcome": "How do people notice that it worked?",
    "element": "Which part of it?",
    "words": "What should it say?",
    "look": "How should it look?",
    "expected": "What should happen instead?",
}

# fact: (what is taken, in words, by which rule)
_RULES = {
    "need": ("read", "people look at it or read it", "that is the least that a new thing has to do"),
    "place": ("bottom", "at the bottom of the page", "nothing that is there today has to move"),
    "entry": ("menu", "from the menu", "a page that no menu names is not found"),
    "content": ("as_described", "what the request says", "no other words were given"),
    "outcome": (
        "see_it",
        "they see the result on the same page",
        "the simplest sign is one that is seen at once",
    ),
    "goes_to": ("nowhere", "only the form itself is made", "no address and no list was named"),
    "edge": (
        "say_beside",
        "a sentence in place says so and nothing that was typed is lost",
        "that costs people the least",
    ),
    "who": ("everyone", "everyone who opens the app", "nothing was said about rights"),
    "change": ("works", "how it works", "the request names neither words nor looks"),
    "words": ("", "words that say what the request describes", "none were given exactly"),
    "look": ("match", "like the rest of the site", "one look for everything is the rule of most sites"),
    "keep": ("rest", "everything else on the page stays as it is", "the smallest change is the safest"),
    "expected": ("", "it does what its label and the request promise", "nothing else was said"),
    "actual": ("", "what the title says", "it was not described any closer"),
    "device": ("every", "every device", "none was named"),
    "often": ("always", "every time", "nothing else was said"),
    "action": ("open", "opening the page is enough", "no step was named"),
    "notice": ("nothing", "visitors notice nothing", "upkeep is not meant to be seen"),
    "done": ("as_titled", "what the title says is true", "it is the only measure that was given"),
    "area": ("", "wherever the title applies", "no part was named"),
    "element": ("whole_page", "whatever on the page the request fits", "no part was named"),
}


def _rule(fact: str, brief: Brief, outline: AppOutline) -> tuple[str, str, str]:
    if fact != "page":
        return _RULES[fact]
    if outline.home is None:
        return "", "the page that the request fits best", "the app's pages could not be read from its files"
    words = words_of(brief.text)
    near = max(outline.pages, key=lambda page: len(words_of(f"{page.name} {page.title}") & words))
    shared = words_of(f"{near.name} {near.title}") & words
    name = quoted(one_line(near.name, 60))
    if shared and near is not outline.home:
        return near.id, f"the page {name}", "its name shares words with the request"
    home = quoted(one_line(outline.home.name, 60))
    return outline.home.id, f"the page {home}", "visitors arrive there first"
