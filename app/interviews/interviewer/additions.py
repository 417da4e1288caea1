"""Scenarios for something that was not there before."""

import re

from app.core.gherkin import one_line
from app.interviews.interviewer import patterns
from app.interviews.interviewer.phrases import Phrases
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Settled
from app.interviews.interviewer.wording import begin, clause, deed_in, is_or_are, quoted, the, thing_in

_SHORT = 160
_A_NAME = 30
"""Characters up to which a title reads as the name of a thing."""
_DESCRIBES = 4
"""Words from which on a description tells more than its title."""


def added(settled: Settled, say: Phrases) -> list[Scenario]:
    """It is there; it does what it is for; it copes with what goes wrong."""
    more = {"send": _sent, "find": _searched, "press": _pressed, "read": _read}
    scenarios = [_found(settled, say), *more[settled.value("need") or "read"](settled, say)]
    if settled.value("who") in {"signed_in", "team"}:
        scenarios.append(_closed_to_others(settled, say))
    return scenarios


def _found(settled: Settled, say: Phrases) -> Scenario:
    deed, thing, page = _deed(settled), _thing(settled), say.page()
    if deed:
        title, seen = f"People can {deed} on {page}", f"they can {deed}"
    elif thing:
        title, seen = f"{begin(thing)} {is_or_are(thing)} on {page}", f"they see {thing}"
    else:
        short = one_line(settled.brief.title, _SHORT)
        title = f"{quoted(short) if 0 < len(short) <= _A_NAME else 'What was asked for'} is on {page}"
        seen = f"they see what was asked for: {say.asked_for()}"
    if settled.value("page") == "new_page":
        title = "People find the new page"
        is_page = re.search(r"\bpage\b", thing) is not None
        steps = [*say.way_to_new_page(), f"Then {thing} opens" if is_page else "Then a new page opens"]
        steps += [] if is_page else [f"And {seen}"]
    else:
        steps = [say.given_open(), f"When they {say.look_for_place()}", f"Then {seen}"]
    facts = settled.answered("page", "place", "entry", "need", "content")
    return Scenario(title, [*steps, *_contents(settled)], facts)


def _deed(settled: Settled) -> str:
    return one_line(_without_place(deed_in(settled.brief.title), settled), _SHORT)


def _thing(settled: Settled) -> str:
    return one_line(_without_place(thing_in(settled.brief.title), settled), _SHORT)


def _without_place(words: str, settled: Settled) -> str:
    """`a map on the contact page` → `a map`, where the steps say the place anyway."""
    page = settled.page
    names = [re.escape(page.name), rf"{re.escape(page.name)} page"] if page is not None else []
    names += [patterns.HOME.pattern] if page is not None and page.path == "/" else []
    where = [rf"(?:on|to|in|for|onto|of)(?: the| our)? (?:{name})" for name in names]
    where += (
        [r"(?:on|to|in|of) (?:every|all|each) pages?", "everywhere"]
        if settled.value("page") == "every_page"
        else []
    )
    if settled.value("place") in patterns.PLACES:
        where += [rf"(?:{patterns.PLACES[settled.value('place')]})(?: of)?"]
    before = ""
    while where and before != words:
        before, words = words, re.sub(rf"[\s,]+(?:{'|'.join(where)})\s*$", "", words, flags=re.IGNORECASE)
    return words


def _contents(settled: Settled) -> list[str]:
    content = settled.value("content")
    if settled.source("content") == "said" and content != "as_described":
        return [] if content in settled.brief.title else [f"And they read {quoted(content, 300)}"]
    if content and content != "as_described":
        return [f"And it says this: {one_line(content)}"]
    described = content and len(settled.brief.description.split()) >= _DESCRIBES
    return ["And it holds what the request describes"] if described else []


def _sent(settled: Settled, say: Phrases) -> list[Scenario]:
    goes_to = settled.value("goes_to")
    arrives = {
        "mail": "And the team gets it by e-mail",
        "list": "And the team finds it in a list",
        "nowhere": "",
    }
    arrival = arrives.get(goes_to, f"And it goes here: {one_line(goes_to, _SHORT)}")
    edge = settled.value("edge")
    beside = {
        "say_beside": "a message beside the field says what is missing",
        "cannot_send": "it is not sent before everything is filled in",
    }.get(edge) or clause(edge)
    works = [
        _given(say),
        "When they fill in the form and send it",
        f"Then {say.outcome()}",
        *filter(None, [arrival]),
    ]
    missing = [_given(say), "When they send the form with something missing or wrong", f"Then {beside}"]
    return [
        Scenario("Sending it works", works, settled.answered("need", "outcome", "goes_to")),
        Scenario(
            "Something is missing or wrong",
            [*missing, "And what they typed is still there"],
            settled.answered("edge"),
        ),
    ]


def _searched(settled: Settled, say: Phrases) -> list[Scenario]:
    edge = settled.value("edge")
    none = {
        "say_none": "a sentence says that nothing was found",
        "show_all": "everything is shown again",
    }.get(edge) or clause(edge)
    found = [_given(say), "When they look for something that is there", f"Then {say.outcome()}"]
    missing = [_given(say), "When they look for something that is not there", f"Then {none}"]
    return [
        Scenario("What is there is found", found, settled.answered("need", "outcome")),
        Scenario(
            "Nothing is found", [*missing, "And one step brings everything back"], settled.answered("edge")
        ),
    ]


def _pressed(settled: Settled, say: Phrases) -> list[Scenario]:
    deed, thing = _deed(settled), _thing(settled)
    use = deed or f"use {the(thing) if thing else 'what was added'}"
    steps = [_given(say), f"When they {use}", f"Then {say.outcome()}"]
    return [Scenario("It does what it is for", steps, settled.answered("need", "outcome"))]


def _read(settled: Settled, say: Phrases) -> list[Scenario]:
    is_new = settled.value("page") == "new_page"
    when = "When they scroll through it" if is_new else "When they scroll to it"
    given = f"Given {say.visitor()} has opened the new page on a phone" if is_new else say.given_open("phone")
    return [
        Scenario(
            "It fits on a phone", [given, when, "Then they can read all of it without scrolling sideways"]
        )
    ]


def _given(say: Phrases) -> str:
    return say.given_open()


def _closed_to_others(settled: Settled, say: Phrases) -> Scenario:
    other = {"signed_in": "a visitor who is not signed in", "team": "somebody who is not on the team"}
    given = f"Given {other[settled.value('who')]}"
    open_ = f"When they open {'any page' if say.is_everywhere else say.page()}"
    return Scenario(
        "Others do not get it", [given, open_, "Then it is not there for them"], settled.answered("who")
    )
