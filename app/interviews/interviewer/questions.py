"""The questions of the guided interview: a form with the app's own pages and parts as choices."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.interviews.interviewer.app_outline import AppOutline, Element, Page
from app.interviews.interviewer.brief import Brief, already_said, is_about_words, words_of
from app.interviews.interviewer.catalogue import (
    AFTERWARDS,
    DONE,
    EDGES,
    FIXED,
    OUTCOMES,
    YOU_DECIDE,
    Choice,
    Question,
    given_in,
)
from app.interviews.interviewer.roads import asked, road_of

MOST_CHOICES = 8

_CALLED = {"heading": "Part", "button": "Button", "link": "Link", "form": "Form", "image": "Picture"}
_DEEDS = {"button": "press", "form": "send the form", "link": "follow the link"}


def questions_for(
    brief: Brief, outline: AppOutline, answers: Mapping[str, str] | None = None
) -> list[Question]:
    """At most five questions; asked again with the answers so far, the later ones fit them better."""
    given = given_in(answers or {})
    said = already_said(brief, outline).facts
    known = {**given, **said}
    form = _Form(brief, outline, known)
    return [form.question(fact) for fact in asked(road_of(brief, outline, known), said)]


class _Form:
    def __init__(self, brief: Brief, outline: AppOutline, known: Mapping[str, str]) -> None:
        self.brief, self.outline, self.known = brief, outline, known
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
        question = own[fact]() if fact in own else FIXED[fact]
        if fact == "expected" and self.brief.type != "bug":
            question = AFTERWARDS
        return replace(question, choices=[*question.choices, Choice(YOU_DECIDE, "You decide")])

    def _page(self) -> Question:
        pages = [Choice(page.id, page.name) for page in self._near_first(self.outline.pages)[:MOST_CHOICES]]
        if self.brief.type == "feature":
            pages.append(Choice("new_page", "A new page of its own"))
        if len(self.outline.pages) > 1:
            pages.append(Choice("every_page", "Every page"))
        text = "Which page is it about?"
        if self.brief.type == "feature":
            text = "On which page should it be?"
        elif self.brief.type == "bug" and not is_about_words(self.brief):
            text = "On which page does it happen?"
        hint = (
            "These are the app's own pages." if self.outline.pages else "Name it as you would to a colleague."
        )
        return Question("page", text, hint, pages, kind="page")

    def _place(self) -> Question:
        places = [Choice("top", "At the top"), Choice("bottom", "At the bottom")]
        if self.outline.menu:
            places.append(Choice("menu", "In the menu"))
        moved = self.known.get("element")
        headings = [each for each in self._elements() if each.kind == "heading" and each.id != moved]
        places += [
            Choice(each.id, f"Below “{each.text}”{self._where(each)}")
            for each in headings[: MOST_CHOICES - 3]
        ]
        text = "Where should it go?" if self.known.get("change") == "move" else "Where on the page?"
        return Question("place", text, "You can also describe the place.", places, kind="place")

    def _element(self) -> Question:
        found = self._elements()[: MOST_CHOICES - 1]
        parts = [Choice(each.id, f"{_CALLED[each.kind]} “{each.text}”{self._where(each)}") for each in found]
        if self.outline.menu:
            parts.append(Choice("menu", "The menu"))
        if self.known.get("change") not in {"words", "move"}:
            parts.append(Choice("whole_page", "The whole page"))
        return Question("element", "Which part of it?", "What people see there today.", parts, kind="element")

    def _action(self) -> Question:
        bug = self.brief.type == "bug"
        person = "I" if bug else "They"
        usable = [each for each in self._elements() if each.kind in _DEEDS][: MOST_CHOICES - 2]
        deeds = [Choice("open", f"{person} just open the page")]
        deeds += [
            Choice(each.id, f"{person} {_DEEDS[each.kind]} “{each.text}”{self._where(each)}")
            for each in usable
        ]
        if self.outline.menu:
            deeds.append(Choice("menu", f"{person} use the menu"))
        if bug:
            hint = "The last thing before it goes wrong."
            return Question("action", "What are you doing when it happens?", hint, deeds, kind="element")
        hint = "The step that should work differently."
        return Question("action", "What do people do there?", hint, deeds, kind="element")

    def _outcome(self) -> Question:
        choices = OUTCOMES.get(self.known.get("need", ""), OUTCOMES[""])
        return Question("outcome", "How do people notice that it worked?", "", choices)

    def _edge(self) -> Question:
        text = (
            "And if nothing is found?"
            if self.known.get("need") == "find"
            else "And if something is missing or wrong?"
        )
        return Question("edge", text, "", EDGES.get(self.known.get("need", ""), EDGES[""]))

    def _area(self) -> Question:
        outline, choices = self.outline, list[Choice]()
        if outline.manifests:
            choices.append(
                Choice("packages", f"The packages it is built on ({', '.join(outline.manifests[:2])})")
            )
        if outline.styles:
            choices.append(Choice("styles", f"How it is styled ({outline.styles[0]})"))
        if outline.pages:
            choices.append(Choice("pages", "The pages themselves"))
        choices += [
            Choice("tidy", "Order in the code"),
            Choice("docs", "Documentation"),
            Choice("tests", "Tests"),
        ]
        return Question("area", "Which part of the app is it about?", "", choices)

    def _done(self) -> Question:
        choices = [
            *DONE.get(self.known.get("area", ""), []),
            Choice("as_titled", "What the title says is true"),
        ]
        hint = "Something that can be looked at or tried."
        return Question("done", "How can somebody see that it is done?", hint, choices)

    def _elements(self) -> list[Element]:
        """What can be pointed at, on the page in question or, while that is open, on those most likely."""
        chosen = self.outline.page(self.known.get("page", ""))
        pages = [chosen] if chosen else self._near_first(self.outline.pages)[:3]
        # The name of the site links home on every page; nobody asks for a change of it.
        found = [each for page in pages for each in page.elements() if each.text != self.outline.site_name]
        return sorted(found, key=lambda each: -len(words_of(each.text) & self.words))

    def _where(self, element: Element) -> str:
        """Which page it is on, where that is not clear yet."""
        page = self.outline.page_at(element.page)
        return f" ({page.name})" if page and self.known.get("page") != page.id else ""

    def _near_first(self, pages: list[Page]) -> list[Page]:
        return sorted(pages, key=lambda page: -len(words_of(f"{page.name} {page.title}") & self.words))
