"""The questions that read the same for every app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

YOU_DECIDE = "you_decide"

Kind = Literal["page", "place", "element", "choice", "text"]


@dataclass(frozen=True)
class Choice:
    id: str
    label: str


@dataclass(frozen=True)
class Question:
    """One thing to ask, with what can be picked; `kind` is how a page may lay it out."""

    id: str
    text: str
    hint: str = ""
    choices: list[Choice] = field(default_factory=list)
    allow_text: bool = True
    kind: Kind = "choice"

    def label_of(self, answer: str) -> str:
        """An answer as a person reads it."""
        return next((choice.label for choice in self.choices if choice.id == answer), answer)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Question":
        return cls(**{**data, "choices": [Choice(**choice) for choice in data.get("choices", [])]})


OUTCOMES = {
    "send": [
        Choice("thanks_here", "A thank-you appears on the same page"),
        Choice("thanks_page", "A page of its own says thank you"),
        Choice("by_mail", "They get an e-mail"),
    ],
    "find": [
        Choice("narrow", "Only what matches stays on the page"),
        Choice("results_page", "The matches are on a page of their own"),
    ],
    "press": [
        Choice("at_once", "The page changes at once"),
        Choice("file", "They get a file"),
        Choice("other_page", "Another page opens"),
    ],
    "": [
        Choice("see_it", "They see it on the page"),
        Choice("at_once", "The page changes at once"),
        Choice("message", "A message says so"),
    ],
}

EDGES = {
    "find": [
        Choice("say_none", "A sentence says that nothing was found"),
        Choice("show_all", "Everything is shown again"),
    ],
    "": [
        Choice("say_beside", "A message beside the field says what is missing"),
        Choice("cannot_send", "It cannot be sent until everything is filled in"),
    ],
}

DONE = {
    "packages": [
        Choice("versions", "The new versions are in use"),
        Choice("starts", "The app starts without warnings"),
    ],
    "tidy": [
        Choice("gone", "What is no longer needed is gone"),
        Choice("one_place", "Each thing is in one place only"),
    ],
    "docs": [Choice("reads", "A newcomer can follow it step by step")],
    "tests": [Choice("pass", "All tests pass"), Choice("covers", "What was untested is tested")],
    "styles": [Choice("same_look", "The pages look the same, with simpler styles")],
}

FIXED = {
    question.id: question
    for question in (
        Question(
            "need",
            "What do people do with it?",
            "The main thing; the rest follows.",
            [
                Choice("read", "Look at it or read it"),
                Choice("send", "Fill something in and send it"),
                Choice("find", "Search or filter"),
                Choice("press", "Press something and get a result"),
            ],
            allow_text=False,
        ),
        Question(
            "entry",
            "How do people get to the new page?",
            "",
            [
                Choice("menu", "From the menu"),
                Choice("home", "From the start page"),
                Choice("address", "Only by its address"),
            ],
        ),
        Question(
            "content",
            "What should stand there?",
            "The words themselves, or what has to be mentioned.",
            [Choice("as_described", "What the request already says")],
            kind="text",
        ),
        Question(
            "goes_to",
            "Where should it go when it is sent?",
            "",
            [
                Choice("mail", "By e-mail to us"),
                Choice("list", "Into a list that our team can see"),
                Choice("nowhere", "Nowhere yet, only the form is needed"),
            ],
        ),
        Question(
            "who",
            "Who may use it?",
            "",
            [
                Choice("everyone", "Everyone"),
                Choice("signed_in", "Only people who are signed in"),
                Choice("team", "Only our team"),
            ],
            allow_text=False,
        ),
        Question(
            "change",
            "What should be different?",
            "The main thing; the rest follows.",
            [
                Choice("words", "The words"),
                Choice("look", "How it looks"),
                Choice("move", "Where it is"),
                Choice("works", "How it works"),
                Choice("remove", "It should go away"),
            ],
            allow_text=False,
        ),
        Question("words", "What should it say?", "Exactly as people should read it.", kind="text"),
        Question(
            "look",
            "How should it look?",
            "A colour, a size, something to compare it with.",
            [
                Choice("bigger", "Bigger and easier to read"),
                Choice("calmer", "Less conspicuous"),
                Choice("stand_out", "More conspicuous"),
                Choice("match", "Like the rest of the site"),
            ],
        ),
        Question(
            "keep",
            "What must stay exactly as it is?",
            "",
            [
                Choice("rest", "Everything else on the page"),
                Choice("addresses", "Addresses and links"),
                Choice("nothing", "Nothing in particular"),
            ],
        ),
        Question("expected", "What should happen instead?", "One sentence is enough.", kind="text"),
        Question(
            "actual",
            "What happens?",
            "What you see, as plainly as you can.",
            [
                Choice("nothing", "Nothing at all"),
                Choice("error", "An error message"),
                Choice("blank", "The page is empty or incomplete"),
                Choice("wrong", "Something else than it should"),
            ],
        ),
        Question(
            "device",
            "On which device?",
            "",
            [
                Choice("phone", "Phone"),
                Choice("tablet", "Tablet"),
                Choice("computer", "Computer"),
                Choice("every", "On every device I tried"),
            ],
        ),
        Question(
            "often",
            "How often?",
            "",
            [
                Choice("always", "Every time"),
                Choice("sometimes", "Now and then"),
                Choice("once", "Only once so far"),
            ],
        ),
        Question(
            "notice",
            "May visitors notice anything?",
            "",
            [
                Choice("nothing", "No, everything stays as it is for them"),
                Choice("as_described", "Yes, what the request says"),
            ],
        ),
    )
}


AFTERWARDS = Question(
    "expected",
    "What should it be like afterwards?",
    "What it says, how it looks or what happens: one sentence is enough.",
    kind="text",
)
"""What is asked where nobody knows yet what kind of change it is, so it fits each of them."""


def given_in(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that say something: not empty, not left to us, and a choice where only choices count."""
    choices = {fact: {choice.id for choice in each.choices} for fact, each in FIXED.items()}
    closed = {fact: ids for fact, ids in choices.items() if not FIXED[fact].allow_text}
    return {
        fact: value
        for fact, value in answers.items()
        if value.strip() and value != YOU_DECIDE and value in closed.get(fact, {value})
    }
