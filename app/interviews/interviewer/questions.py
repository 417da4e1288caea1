"""The questions of the guided interview: a form with the app's own pages and parts as choices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.interviews.interviewer.app_outline import AppOutline, Element, Page
from app.interviews.interviewer.brief import Brief, Said, already_said, words_of
from app.interviews.interviewer.roads import asked, road_of

YOU_DECIDE = "you_decide"
MOST_CHOICES = 8

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


def questions_for(
    brief: Brief, outline: AppOutline, answers: Mapping[str, str] | None = None
) -> list[Question]:
    """At most five questions; asked again with the answers so far, the later ones fit them better."""
    given = {key: value for key, value in (answers or {}).items() if value.strip() and value != YOU_DECIDE}
    said = already_said(brief, outline)
    known = {**given, **said.facts}
    left = asked(road_of(brief, outline, known), said.facts)
    form = _Form(brief, outline, said, known)
    return [form.question(fact) for fact in left]


class _Form:
    def __init__(self, brief: Brief, outline: AppOutline, said: Said, known: Mapping[str, str]) -> None:
        self.brief, self.outline, self.said, self.known = brief, outline, said, known
        self.words = words_of(brief.text)

    def question(self, fact: str) -> Question:
        own: dict[str, Callable[[], Question]] = {
            "page": self._page,
            "place": self._place,
            "element": self._element,
            "action": self._action,
            "outcome": self._outcome,
            "edge": self._edge,
            "area": self._area,
            "done": self._done,
        }
        question = own[fact]() if fact in own else _FIXED[fact]
        return _with_you_decide(question)

    def _page(self) -> Question:
        pages = [Choice(page.id, page.name) for page in self._near_first(self.outline.pages)[:MOST_CHOICES]]
        if self.brief.type == "feature":
            pages.append(Choice("new_page", "A new page of its own"))
        if len(self.outline.pages) > 1:
            pages.append(Choice("every_page", "Every page"))
        text = {
            "bug": "On which page does it happen?",
            "feature": "On which page should it be?",
        }.get(self.brief.type, "Which page is it about?")
        hint = (
            "These are the app's own pages." if self.outline.pages else "Name it as you would to a colleague."
        )
        return Question("page", text, hint, pages, kind="page")

    def _place(self) -> Question:
        places = [Choice("top", "At the top"), Choice("bottom", "At the bottom")]
        if self.outline.menu:
            places.append(Choice("menu", "In the menu"))
        headings = [each for each in self._elements() if each.kind == "heading" and not each.shared]
        below = [
            Choice(each.id, f"Below “{each.text}”{self._where(each)}")
            for each in headings[: MOST_CHOICES - 3]
        ]
        return Question(
            "place", "Where on the page?", "You can also describe the place.", [*places, *below], kind="place"
        )

    def _element(self) -> Question:
        words = {"heading": "Part", "button": "Button", "link": "Link", "form": "Form", "image": "Picture"}
        parts = [
            Choice(each.id, f"{words[each.kind]} “{each.text}”{self._where(each)}")
            for each in self._elements()[: MOST_CHOICES - 1]
        ]
        if self.outline.menu:
            parts.append(Choice("menu", "The menu"))
        if self.known.get("change") != "words":
            parts.append(Choice("whole_page", "The whole page"))
        return Question("element", "Which part of it?", "What people see there today.", parts, kind="element")

    def _action(self) -> Question:
        deeds = [
            Choice("open", "I just open the page" if self.brief.type == "bug" else "They just open the page")
        ]
        begin = "I" if self.brief.type == "bug" else "They"
        verbs = {"button": "press", "form": "send the form", "link": "follow the link"}
        usable = [each for each in self._elements() if each.kind in verbs][: MOST_CHOICES - 1]
        deeds += [
            Choice(each.id, f"{begin} {verbs[each.kind]} “{each.text}”{self._where(each)}") for each in usable
        ]
        if self.brief.type == "bug":
            return Question(
                "action", "What are you doing when it happens?", "The last thing before it goes wrong.", deeds
            )
        return Question("action", "What do people do there?", "The step that should work differently.", deeds)

    def _outcome(self) -> Question:
        choices = _OUTCOMES.get(self.known.get("need", ""), _OUTCOMES[""])
        return Question("outcome", "How do people notice that it worked?", "", choices)

    def _edge(self) -> Question:
        if self.known.get("need") == "find":
            choices = [
                Choice("say_none", "A sentence says that nothing was found"),
                Choice("show_all", "Everything is shown again"),
            ]
            return Question("edge", "And if nothing is found?", "", choices)
        choices = [
            Choice("say_beside", "A message beside the field says what is missing"),
            Choice("cannot_send", "It cannot be sent until everything is filled in"),
        ]
        return Question("edge", "And if something is missing or wrong?", "", choices)

    def _area(self) -> Question:
        choices = (
            [Choice("packages", _named("The packages it is built on", self.outline.manifests))]
            if self.outline.manifests
            else []
        )
        if self.outline.styles:
            choices.append(Choice("styles", _named("How it is styled", self.outline.styles[:1])))
        if self.outline.pages:
            choices.append(Choice("pages", "The pages themselves"))
        choices += [
            Choice("tidy", "Order in the code"),
            Choice("docs", "Documentation"),
            Choice("tests", "Tests"),
        ]
        return Question("area", "Which part of the app is it about?", "", choices)

    def _done(self) -> Question:
        choices = list(_DONE.get(self.known.get("area", ""), []))
        choices.append(Choice("as_titled", "What the title says is true"))
        return Question(
            "done",
            "How can somebody see that it is done?",
            "Something that can be looked at or tried.",
            choices,
        )

    def _elements(self) -> list[Element]:
        """What can be pointed at, on the page in question or, while that is open, on those most likely."""
        chosen = self.outline.page(self.known.get("page", ""))
        pages = [chosen] if chosen else self._near_first(self.outline.pages)[:3]
        found = [each for page in pages for each in page.elements()]
        return sorted(found, key=lambda each: -len(words_of(each.text) & self.words))

    def _where(self, element: Element) -> str:
        """Which page it is on, where that is not clear yet."""
        page = self.outline.page_at(element.page)
        return f" ({page.name})" if page and self.known.get("page") != page.id else ""

    def _near_first(self, pages: list[Page]) -> list[Page]:
        return sorted(pages, key=lambda page: -len(words_of(f"{page.name} {page.title}") & self.words))


def _with_you_decide(question: Question) -> Question:
    choices = [*question.choices, Choice(YOU_DECIDE, "You decide")]
    return Question(question.id, question.text, question.hint, choices, question.allow_text, question.kind)


def _named(label: str, files: list[str]) -> str:
    return f"{label} ({', '.join(files[:2])})"


_OUTCOMES = {
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

_DONE = {
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

_FIXED = {
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
        ),
        Question(
            "change",
            "What should be different?",
            "The main thing; the rest follows.",
            [
                Choice("words", "The words"),
                Choice("look", "How it looks"),
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
