"""What is taken where nobody said anything: one rule a fact, so that it can be listed with its reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.interviews.interviewer import patterns
from app.interviews.interviewer.app_outline import AppOutline
from app.interviews.interviewer.brief import Brief, words_of
from app.interviews.interviewer.wording import quoted


@dataclass(frozen=True)
class Rule:
    """The value taken, the same in words, and why."""

    value: str
    words: str
    because: str


def kind_rule(fact: str) -> Rule:
    """What kind of thing it is; settled before the rest, which depends on it."""
    return _KINDS[fact]


def rule_for(fact: str, brief: Brief, outline: AppOutline, known: Mapping[str, str]) -> Rule:
    """The rule that fits what is known so far."""
    named = outline.element(known.get("element", ""))
    if fact == "place" and named is not None and named.kind == "heading" and known.get("change") != "move":
        return Rule(named.id, f"below {quoted(named.text)}", "the request names it")
    if fact == "page":
        return _page(brief, outline, known)
    if fact == "expected":
        return _expected(brief, outline, known)
    if fact == "actual":
        return Rule("", "what the title says", "it was not described any closer")
    return _BY_NEED.get((fact, known.get("need", ""))) or _RULES[fact]


def _page(brief: Brief, outline: AppOutline, known: Mapping[str, str]) -> Rule:
    if outline.home is None:
        return Rule(
            "", "the page that the request fits best", "the app's pages could not be read from its files"
        )
    if "menu" in {known.get("action"), known.get("element"), known.get("place")} and len(outline.pages) > 1:
        return Rule("every_page", "every page", "the menu is on every page")
    if len(outline.pages) > 1 and re.search(r"\bfooter\b", brief.text, re.IGNORECASE):
        return Rule("every_page", "every page", "the footer is on every page")
    words = words_of(brief.text)
    near = max(outline.pages, key=lambda page: len(words_of(f"{page.name} {page.title}") & words))
    if near is not outline.home and words_of(f"{near.name} {near.title}") & words:
        return Rule(near.id, f"the page {quoted(near.name, 60)}", "its name shares words with the request")
    return Rule(outline.home.id, f"the page {quoted(outline.home.name, 60)}", "visitors arrive there first")


def _expected(brief: Brief, outline: AppOutline, known: Mapping[str, str]) -> Rule:
    if patterns.SLOW.search(brief.text):
        soon = "it is there within two seconds"
        return Rule(soon, soon, "people wait about that long")
    if brief.type != "bug":
        return Rule("", "what the title asks for", "nothing closer was said")
    element = outline.element(known.get("action", ""))
    kind = element.kind if element is not None else known.get("action", "open")
    words, because = _PROMISES.get(kind, ("it works as the page promises", "nothing closer was said"))
    return Rule(words, words, because)


_PROMISES = {
    "button": ("it does what its label says", "a label is a promise"),
    "link": ("the page that it names opens", "a label is a promise"),
    "form": ("it is sent and a message says so", "that is what people expect of a form"),
    "menu": ("the menu opens and each of its links works", "that is what a menu is for"),
    "open": ("the whole page is shown, without an error", "that is the least a page has to do"),
}

_KINDS = {
    "need": Rule("read", "people look at it or read it", "that is the least that a new thing has to do"),
    "change": Rule("", "what the title asks for", "the request names neither words nor looks"),
}

_TOP = Rule("top", "at the top of the page", "that is where people look for what they can do")
_BY_NEED = {
    ("place", "find"): _TOP,
    ("place", "press"): _TOP,
    ("outcome", "send"): Rule("thanks_here", "a thank-you on the same page", "people stay where they are"),
    ("outcome", "find"): Rule("narrow", "only what matches stays on the page", "people stay where they are"),
    ("outcome", "press"): Rule(
        "at_once", "the page changes at once", "a result that is seen needs no explanation"
    ),
    ("edge", "find"): Rule(
        "say_none", "a sentence says that nothing was found", "an empty page looks broken"
    ),
}

_RULES = {
    "place": Rule("bottom", "at the bottom of the page", "nothing that is there today has to move"),
    "entry": Rule("menu", "from the menu", "a page that no menu names is not found"),
    "content": Rule("as_described", "what the request says", "no other words were given"),
    "outcome": Rule("see_it", "they see it on the page", "the simplest sign is one that is seen at once"),
    "goes_to": Rule("nowhere", "only the form itself is made", "no address and no list was named"),
    "edge": Rule(
        "say_beside", "a message beside the field says what is missing", "it is seen where it is needed"
    ),
    "who": Rule("everyone", "everyone who can open that page today", "nothing was said about rights"),
    "words": Rule("", "words that say what the request describes", "none were given exactly"),
    "look": Rule("match", "like the rest of the site", "one look for everything is the rule of most sites"),
    "keep": Rule("rest", "everything else on the page stays as it is", "the smallest change is the safest"),
    "device": Rule("every", "every device", "none was named"),
    "often": Rule("always", "every time", "nothing else was said"),
    "action": Rule("open", "opening the page is enough", "no step was named"),
    "notice": Rule("nothing", "visitors notice nothing", "upkeep is not meant to be seen"),
    "done": Rule("as_titled", "what the title says is true", "it is the only measure that was given"),
    "area": Rule("", "wherever the title applies", "no part was named"),
    "element": Rule("", "whatever on the page the request fits", "no part was named"),
}
