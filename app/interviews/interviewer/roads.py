"""Which facts a request of each kind needs, in the order they are asked for."""

from collections.abc import Mapping

from app.interviews.interviewer.app_outline import AppOutline
from app.interviews.interviewer.brief import Brief, is_typo

MOST_QUESTIONS = 5

# Where a road is longer than five, what tells a builder least goes first; what is left out is assumed and listed.
_LEAST_FIRST = ["who", "keep", "often", "edge", "place", "device", "goes_to", "action", "notice"]


def road_of(brief: Brief, outline: AppOutline, facts: Mapping[str, str]) -> list[str]:
    """The facts this request needs, given those that are known or answered."""
    if brief.type == "bug" and not is_typo(brief):
        return ["page", "action", "actual", "expected", "device", "often"]
    if brief.type == "chore":
        return ["area", "done", "notice"]
    if brief.type == "feature":
        return _feature(outline, facts)
    return _enhancement(facts)


def asked(road: list[str], known: Mapping[str, str]) -> list[str]:
    """What is left to ask of a road, at most five."""
    left = [fact for fact in road if fact not in known]
    for fact in _LEAST_FIRST:
        if len(left) > MOST_QUESTIONS and fact in left:
            left.remove(fact)
    return left[:MOST_QUESTIONS]


def _feature(outline: AppOutline, facts: Mapping[str, str]) -> list[str]:
    where = ["page", "entry" if facts.get("page") == "new_page" else "place"]
    if facts.get("page") == "every_page":
        where = ["page", "place"]
    ways = {
        "send": ["need", *where, "outcome", "goes_to", "edge"],
        "find": ["need", *where, "outcome", "edge"],
        "press": ["need", *where, "outcome"],
        "read": ["need", *where, "content"],
    }
    road = ways.get(facts.get("need", ""), ["need", *where, "outcome"])
    ordered = [where[0], "need", *[fact for fact in road if fact not in {where[0], "need"}]]
    return [*ordered, "who"] if outline.has_sign_in else ordered


def _enhancement(facts: Mapping[str, str]) -> list[str]:
    ways = {
        "words": ["page", "change", "element", "words"],
        "look": ["page", "change", "element", "look", "keep"],
        "works": ["page", "change", "action", "expected", "keep"],
        "remove": ["page", "change", "element", "keep"],
    }
    return ways.get(facts.get("change", ""), ["page", "change", "element", "expected", "keep"])
