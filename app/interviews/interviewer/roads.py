"""Which facts a request of each kind needs, in the order they are asked for."""

from collections.abc import Mapping

from app.interviews.interviewer.app_outline import AppOutline
from app.interviews.interviewer.brief import Brief, is_about_words

MOST_QUESTIONS = 5

# Where a road is longer than five, what tells a builder least goes first; it is then assumed and listed.
_LEAST_FIRST = ["who", "keep", "often", "edge", "place", "device", "goes_to", "action", "notice"]

_ADDING = {
    "send": ["outcome", "goes_to", "edge"],
    "find": ["outcome", "edge"],
    "press": ["outcome"],
    "read": ["content"],
    "": ["outcome"],
}
_CHANGING = {
    "words": ["element", "words"],
    "look": ["element", "look", "keep"],
    "move": ["element", "place", "keep"],
    "works": ["action", "expected", "keep"],
    "remove": ["element", "keep"],
    "": ["element", "expected", "keep"],
}


def road_of(brief: Brief, outline: AppOutline, facts: Mapping[str, str]) -> list[str]:
    """The facts this request needs, given those that are known or answered."""
    if brief.type == "chore":
        return ["area", "done", "notice"]
    if brief.type == "bug" and not is_about_words(brief):
        return ["page", "action", "actual", "expected", "device", "often"]
    if brief.type != "feature":
        return ["page", "change", *_CHANGING.get(facts.get("change", ""), _CHANGING[""])]
    where = "entry" if facts.get("page") == "new_page" else "place"
    road = ["page", "need", where, *_ADDING.get(facts.get("need", ""), _ADDING[""])]
    return [*road, "who"] if outline.has_sign_in else road


def asked(road: list[str], known: Mapping[str, str]) -> list[str]:
    """What is left to ask of a road, at most five."""
    left = [fact for fact in road if fact not in known]
    for fact in _LEAST_FIRST:
        if len(left) > MOST_QUESTIONS and fact in left:
            left.remove(fact)
    return left[:MOST_QUESTIONS]
