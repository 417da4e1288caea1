"""The parts of sentences that scenarios share: who, where, what they do and what they see."""

from app.core.gherkin import one_line
from app.interviews.interviewer.app_outline import Element
from app.interviews.interviewer.settled import Settled
from app.interviews.interviewer.wording import clause, quoted, without_asking

_DEVICES = {"phone": "on a phone", "tablet": "on a tablet", "computer": "on a computer"}


class Phrases:
    def __init__(self, settled: Settled) -> None:
        self.settled = settled

    def page(self) -> str:
        settled = self.settled
        page, chosen = settled.page, settled.value("page")
        if page is not None:
            return _page(page.name)
        if chosen == "every_page":
            return "every page"
        if chosen == "new_page":
            return "the new page"
        return f"the page {quoted(chosen, 80)}" if chosen else "the page it is about"

    def visitor(self) -> str:
        return {"signed_in": "a signed-in visitor", "team": "somebody on the team"}.get(
            self.settled.value("who"), "a visitor"
        )

    def given_open(self, device: str = "") -> str:
        page = "any page" if self.settled.value("page") == "every_page" else self.page()
        return _joined(f"Given {self.visitor()} has opened {page}", self.on(device))

    def given_there(self) -> str:
        return self.given_open()

    def on(self, device: str) -> str:
        if device in {"", "every"}:
            return ""
        return _DEVICES.get(device, f"on this device: {one_line(device, 80)}")

    def way_to_new_page(self) -> list[str]:
        entry = self.settled.value("entry")
        home = self.settled.outline.home
        start = f"Given {self.visitor()} has opened {_page(home.name) if home else 'the app'}"
        if entry == "address":
            return [f"Given {self.visitor()} knows the address of the new page", "When they open it"]
        ways = {"menu": "they follow its link in the menu", "home": "they follow the link to it"}
        return [start, f"When {ways.get(entry, 'they take this way: ' + one_line(entry, 160))}"]

    def look_for_place(self) -> str:
        place, element = self.settled.value("place"), self.settled.element("place")
        if element is not None:
            return f"they look below {quoted(element.text)}"
        ways = {
            "top": "they look at the top of it",
            "bottom": "they scroll to the bottom",
            "menu": "they look at the menu",
            "": "they look around",
        }
        return ways.get(place, f"they look here: {one_line(place, 160)}")

    def outcome(self) -> str:
        outcome = self.settled.value("outcome")
        return {
            "thanks_here": "a thank-you appears on the same page",
            "thanks_page": "a page of its own says thank you",
            "by_mail": "they get an e-mail that says so",
            "narrow": "only what matches stays on the page",
            "results_page": "the matches are shown on a page of their own",
            "at_once": "the page changes at once, without loading again",
            "file": "they get a file",
            "other_page": "another page opens",
            "message": "a message says that it worked",
            "see_it": "they see the result on the same page",
        }.get(outcome, clause(outcome))

    def part(self) -> str:
        part, element = self.settled.value("element"), self.settled.element("element")
        if element is not None:
            return _named(element)
        if part == "menu":
            return "the menu"
        if self.settled.said.old and part in {"", "whole_page"}:
            return (
                f"the place that said {quoted(self.settled.said.old)}"
                if self.settled.value("words")
                else quoted(self.settled.said.old)
            )
        return "it" if part in {"", "whole_page"} else quoted(part, 120)

    def part_begin(self) -> str:
        part = self.part()
        begin = self.page() if part == "it" else part
        return begin[:1].upper() + begin[1:]

    def look(self) -> str:
        look = self.settled.value("look")
        return {
            "bigger": "it is bigger than before and easy to read",
            "calmer": "it draws less attention than before",
            "stand_out": "it catches the eye before the things around it",
            "match": "its colours, type and spacing match the rest of the site",
        }.get(look, f"it looks as asked: {one_line(look.rstrip(' .'))}")

    def kept(self, word: str = "And") -> list[str]:
        keep = self.settled.value("keep")
        if keep == "nothing":
            return []
        step = {
            "rest": "everything else on it is as it was before",
            "addresses": "its address and all links are as they were before",
        }.get(keep, f"this is as it was before: {one_line(keep, 160)}")
        return [f"{word} {step}"]

    def given_and_when(self, device: str = "", times: str = "") -> list[str]:
        action, element = self.settled.value("action"), self.settled.element("action")
        on, times = self.on(device), f" {times}" if times else ""
        if element is not None:
            return [self.given_open(device), f"When they {_deed(element)}{times}"]
        if action in {"open", ""}:
            page = "any page" if self.settled.value("page") == "every_page" else self.page()
            return [_joined("Given somebody visits the app", on), f"When they open {page}{times}"]
        own = clause(action)
        begin = own.split(" ")[0].casefold()
        did = f"they {own}" if begin in _VERBS else f"they do this: {own}"
        return [self.given_open(device), f"When {did}{times}"]

    def expected(self) -> str:
        if expected := self.settled.value("expected"):
            return clause(expected)
        element = self.settled.element("action")
        title = one_line(without_asking(self.settled.brief.title), 160) or "what the request says"
        if "actual" not in self.settled.road:
            return f"this is done: {title}"
        if element is None:
            return "the whole page is shown, without an error"
        return "it is sent and a message says so" if element.kind == "form" else "it does what its label says"

    def actual(self) -> str:
        actual = self.settled.value("actual")
        return {
            "nothing": "nothing happens at all",
            "error": "an error message appears",
            "blank": "the page is empty or incomplete",
            "wrong": "something else happens",
            "": one_line(self.settled.brief.title, 160),
        }.get(actual, clause(actual))

    def repaired_title(self) -> str:
        element = self.settled.element("action")
        if element is not None:
            return f"{_named(element)[:1].upper()}{_named(element)[1:]} works on {self.page()}"
        page = self.page()
        return (
            f"{page[:1].upper()}{page[1:]} works"
            if self.settled.value("action") in {"open", ""}
            else f"It works on {page}"
        )

    def area(self) -> str:
        area, outline = self.settled.value("area"), self.settled.outline
        files = {"packages": outline.manifests[:2], "styles": outline.styles[:1]}.get(area, [])
        where = {
            "packages": "the packages it is built on",
            "styles": "how it is styled",
            "pages": "the pages",
            "tidy": "the code",
            "docs": "the documentation",
            "tests": "the tests",
            "": "it",
        }.get(area, one_line(area, 160))
        return f"{where} ({', '.join(one_line(file, 100) for file in files)})" if files else where

    def done(self) -> str:
        done = self.settled.value("done")
        title = one_line(without_asking(self.settled.brief.title), 160) or "what the request says"
        return {
            "versions": "the new versions are in use and everything starts",
            "starts": "the app starts without warnings",
            "gone": "what is no longer needed is gone",
            "one_place": "each thing is in one place only",
            "reads": "a newcomer can follow it step by step",
            "pass": "all tests pass",
            "covers": "what was untested is tested",
            "same_look": "the pages look the same with simpler styles",
            "as_titled": f"this is done: {title}",
        }.get(done, clause(done))


_VERBS = frozenset(
    "press click tap open choose select scroll type enter send submit fill go follow drag drop upload search sort add "
    "delete remove save change switch log sign close hover move zoom print reload refresh try use write pick".split()
)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _page(name: str) -> str:
    return f"the {quoted(name, 60)}" if name.casefold().endswith("page") else f"the {quoted(name, 60)} page"


def _named(element: Element) -> str:
    name = quoted(element.text)
    return {
        "heading": name,
        "button": f"the button {name}",
        "link": f"the link {name}",
        "form": f"the form {name}",
        "image": f"the picture {name}",
    }[element.kind]


def _deed(element: Element) -> str:
    name = quoted(element.text)
    return {
        "button": f"press {name}",
        "form": f"fill in and send the form {name}",
        "link": f"follow the link {name}",
    }.get(element.kind, f"look at {name}")
