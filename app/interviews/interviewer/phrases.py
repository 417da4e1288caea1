"""The parts of sentences that scenarios share: who, where, what they do and what they see."""

from app.core.gherkin import one_line
from app.interviews.interviewer.app_outline import Element
from app.interviews.interviewer.settled import Settled
from app.interviews.interviewer.wording import clause, quoted, thing_taken, without_asking

_DEVICES = {"phone": "on a phone", "tablet": "on a tablet", "computer": "on a computer"}
_BEFORE_PLACES = frozenset(
    ["above", "below", "under", "before", "after", "next", "beside", "between", "at", "in", "on", "behind"]
)
_VERBS = frozenset(
    [
        *(
            "press",
            "click",
            "tap",
            "open",
            "choose",
            "select",
            "scroll",
            "type",
            "enter",
            "send",
            "submit",
            "fill",
        ),
        *(
            "go",
            "follow",
            "drag",
            "drop",
            "upload",
            "search",
            "sort",
            "add",
            "delete",
            "remove",
            "save",
            "change",
        ),
        *(
            "switch",
            "log",
            "sign",
            "close",
            "hover",
            "move",
            "zoom",
            "print",
            "reload",
            "refresh",
            "try",
            "use",
        ),
        *("write", "pick", "order", "book", "visit", "look", "swipe", "turn", "copy", "paste", "download"),
    ]
)


class Phrases:
    def __init__(self, settled: Settled) -> None:
        self.settled = settled

    @property
    def is_everywhere(self) -> bool:
        return self.settled.value("page") == "every_page"

    def page(self) -> str:
        page, chosen = self.settled.page, self.settled.value("page")
        if page is not None:
            return _page(page.name)
        named = {"every_page": "every page", "new_page": "the new page", "": "the page it is about"}
        return named.get(chosen, f"the page {quoted(chosen, 80)}")

    def visitor(self) -> str:
        who = self.settled.value("who")
        return {"signed_in": "a signed-in visitor", "team": "somebody on the team"}.get(who, "a visitor")

    def given_open(self, device: str = "") -> str:
        page = "any page" if self.is_everywhere else self.page()
        return _joined(f"Given {self.visitor()} has opened {page}", _on(device))

    def given_and_when(self, device: str = "", times: str = "") -> list[str]:
        """The step of a request that changes how something works."""
        deed = _joined(self._deed(), times)
        if deed.startswith("open "):
            return [_joined("Given somebody visits the app", _on(device)), f"When they {deed}"]
        return [self.given_open(device), f"When they {deed}"]

    def _deed(self) -> str:
        element = self.settled.element("action") or self.settled.element("element")
        action = self.settled.value("action") or self.settled.value("element")
        if element is not None:
            return _deed(element)
        if action in {"open", "", "whole_page"}:
            return f"open {'any page' if self.is_everywhere else self.page()}"
        if action == "menu":
            return "use the menu"
        own = clause(action, 160).removeprefix("they ")
        return own if own.split(" ")[0].casefold() in _VERBS else f"do this: {own}"

    def way_to_new_page(self) -> list[str]:
        entry, home = self.settled.value("entry"), self.settled.outline.home
        if entry == "address":
            return [f"Given {self.visitor()} knows the address of the new page", "When they open it"]
        ways = {"menu": "follow its link in the menu", "home": "follow the link to it"}
        start = f"Given {self.visitor()} has opened {_page(home.name) if home else 'the app'}"
        return [start, f"When they {ways.get(entry, 'take this way: ' + one_line(entry, 160))}"]

    def look_for_place(self) -> str:
        place, element = self.settled.value("place"), self.settled.element("place")
        if element is not None:
            return f"look below {quoted(element.text)}"
        ways = {"top": "look at the top of it", "bottom": "scroll to the bottom", "menu": "look at the menu"}
        return ways.get(place, f"look {_whereabouts(place)}")

    def is_at_place(self) -> str:
        place, element = self.settled.value("place"), self.settled.element("place")
        if element is not None:
            return f"it is below {quoted(element.text)}"
        ways = {
            "top": "it is at the top of the page",
            "bottom": "it is at the bottom of the page",
            "menu": "it is in the menu",
        }
        return ways.get(place, f"it is {_whereabouts(place)}")

    def outcome(self) -> str:
        outcome = self.settled.value("outcome")
        return _OUTCOMES.get(outcome) or clause(outcome)

    def part(self) -> str:
        """What the request is about, as the object of `they look at …`."""
        part, element = self.settled.value("element"), self.settled.element("element")
        if element is not None:
            return named(element)
        if part == "menu":
            return "the menu"
        if part and part == self.settled.said.old:
            return f"the place that said {quoted(part)}" if self.settled.value("words") else quoted(part)
        if part not in {"", "whole_page"}:
            return quoted(part, 120)
        return (thing_taken(self.settled.brief.title) if part == "" else "") or "it"

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
        }.get(look) or f"it looks as asked: {clause(look)}"

    def kept(self, word: str = "And") -> list[str]:
        keep = self.settled.value("keep")
        if keep == "nothing":
            return []
        step = {
            "rest": "everything else on it is as it was before",
            "addresses": "its address and all links are as they were before",
        }.get(keep) or f"this is as it was before: {one_line(keep, 160)}"
        return [f"{word} {step}"]

    def asked_for(self) -> str:
        return clause(without_asking(self.settled.brief.title), 160) or "what the request says"

    def expected(self) -> str:
        return clause(self.settled.value("expected")) or f"this is done: {self.asked_for()}"

    def actual(self) -> str:
        actual = self.settled.value("actual")
        return {
            "nothing": "nothing happens at all",
            "error": "an error message appears",
            "blank": "the page is empty or incomplete",
            "wrong": "something else happens",
            "": clause(self.settled.brief.title, 160),
        }.get(actual) or clause(actual)

    def repaired_title(self) -> str:
        element, action, page = self.settled.element("action"), self.settled.value("action"), self.page()
        if element is not None:
            name = named(element)
            return f"{name[:1].upper()}{name[1:]} works on {page}"
        if action == "menu":
            return f"The menu works on {page}"
        return f"{page[:1].upper()}{page[1:]} works" if action in {"open", ""} else f"It works on {page}"


_OUTCOMES = {
    "thanks_here": "a thank-you appears on the same page",
    "thanks_page": "a page of its own says thank you",
    "by_mail": "they get an e-mail that says so",
    "narrow": "only what matches stays on the page",
    "results_page": "the matches are shown on a page of their own",
    "at_once": "the page changes at once, without loading again",
    "file": "they get a file",
    "other_page": "another page opens",
    "message": "a message says that it worked",
    "see_it": "they see it on the page",
}


def named(element: Element) -> str:
    """An element as people call it."""
    kind = {"button": "the button ", "link": "the link ", "form": "the form ", "image": "the picture "}
    return f"{kind.get(element.kind, '')}{quoted(element.text)}"


def _on(device: str) -> str:
    if device in {"", "every"}:
        return ""
    return _DEVICES.get(device) or f"on this device: {one_line(device, 80)}"


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _page(name: str) -> str:
    return f"the {quoted(name, 60)}" if name.casefold().endswith("page") else f"the {quoted(name, 60)} page"


def _whereabouts(place: str) -> str:
    """A described place after `it is`."""
    said = clause(place, 160)
    return said if said.split(" ")[0].casefold() in _BEFORE_PLACES else f"here: {said}"


def _deed(element: Element) -> str:
    name = quoted(element.text)
    deeds = {
        "button": f"press {name}",
        "form": f"fill in and send the form {name}",
        "link": f"follow the link {name}",
    }
    return deeds.get(element.kind) or f"look at {named(element)}"
