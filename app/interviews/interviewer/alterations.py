"""Scenarios for something that is there and should be different."""

from app.interviews.interviewer.phrases import Phrases
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Settled
from app.interviews.interviewer.wording import quoted


def altered(settled: Settled, say: Phrases) -> list[Scenario]:
    """It is as asked, and what nobody asked about is as it was."""
    ways = {"words": _reworded, "look": _restyled, "move": _moved, "remove": _removed}
    return ways.get(settled.value("change"), _reworked)(settled, say)


def _reworded(settled: Settled, say: Phrases) -> list[Scenario]:
    words, old = settled.value("words"), settled.said.old
    seen = [f"Then they read {quoted(words, 300)}" if words else f"Then this is done: {say.asked_for()}"]
    if words and old and old.casefold() not in words.casefold():
        seen.append(f"And they no longer read {quoted(old)}")
    return [
        Scenario(
            f"The new words are on {say.page()}",
            [say.given_open(), f"When they look at {say.part()}", *seen],
            settled.answered("page", "change", "element", "words"),
        ),
        Scenario(
            "Nothing else has changed",
            [
                say.given_open(),
                "When they compare it with how it was before",
                "Then only these words are different",
            ],
        ),
    ]


def _restyled(settled: Settled, say: Phrases) -> list[Scenario]:
    look = [say.given_open(), f"When they look at {say.part()}", f"Then {say.look()}", *say.kept()]
    return [
        Scenario(
            f"{say.part_begin()} looks as asked",
            look,
            settled.answered("page", "change", "element", "look", "keep"),
        ),
        _on_a_phone(say),
    ]


def _moved(settled: Settled, say: Phrases) -> list[Scenario]:
    moved = [say.given_open(), f"When they look for {say.part()}", f"Then {say.is_at_place()}", *say.kept()]
    facts = settled.answered("page", "change", "element", "place", "keep")
    return [Scenario(f"{say.part_begin()} has its new place", moved, facts), _on_a_phone(say)]


def _removed(settled: Settled, say: Phrases) -> list[Scenario]:
    rest = say.kept("Then") or ["Then the rest reads as one piece"]
    return [
        Scenario(
            f"{say.part_begin()} is gone",
            [say.given_open(), f"When they look for {say.part()}", "Then it is no longer there"],
            settled.answered("page", "change", "element"),
        ),
        Scenario(
            "Nothing else is missing",
            [say.given_open(), "When they go through the rest of it", *rest, "And no link leads nowhere"],
            settled.answered("keep"),
        ),
    ]


def _reworked(settled: Settled, say: Phrases) -> list[Scenario]:
    facts = settled.answered("page", "change", "action", "element", "expected")
    scenarios = [
        Scenario(
            f"It works as asked on {say.page()}", [*say.given_and_when(), f"Then {say.expected()}"], facts
        )
    ]
    if kept := say.kept("Then"):
        steps = [say.given_open(), "When they use the rest of it", *kept]
        scenarios.append(Scenario("The rest works as before", steps, settled.answered("keep")))
    return scenarios


def _on_a_phone(say: Phrases) -> Scenario:
    steps = [say.given_open("phone"), f"When they look at {say.part()}"]
    return Scenario("It fits on a phone", [*steps, "Then they can read all of it without scrolling sideways"])
