"""A spot: a stretch of a source file that visitors come to see, as they see it and as it is written."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.integrations.coding_agent.touch_up.selectors import Element

OPAQUE = "\ufffc"
"""Stands in what is shown for what a program puts there."""

_SPACE = re.compile(r"\s+")


class Holds(StrEnum):
    """What a spot holds."""

    TEXT = "text"
    LABEL = "label"  # an attribute that is read out or shown
    STRING = "string"  # a string of a program or of data, whatever it is for
    ADDRESS = "address"
    COLOUR = "colour"
    USE = "use"  # the name of a custom property that a rule takes its colour from


Writer = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """`at` says where each shown character begins in the source, and where the last one ends.

    `write` says how something else is written there; None where it cannot be, as far as we know.
    """

    holds: Holds
    shown: str
    at: Sequence[int]
    write: Writer
    element: Element | None = None
    name: str = ""
    rule: str = ""

    def moved(self, at: Sequence[int], outer: Writer) -> "Spot":
        """Return the spot as it stands in what it is written in: a string, an attribute, a file."""
        inner = self.write

        def write(words: str) -> str | None:
            written = inner(words)
            return None if written is None else outer(written)

        return replace(self, at=[at[place] for place in self.at], write=write)

    def folded(self) -> tuple[str, list[int]]:
        """Return what is shown with its spaces as a browser shows them, and the index of each character."""
        shown, index = list[str](), list[int]()
        for place, sign in enumerate(self.shown):
            if sign.isspace():
                if shown and shown[-1] != " ":
                    shown.append(" ")
                    index.append(place)
            else:
                shown.append(sign)
                index.append(place)
        if shown and shown[-1] == " ":
            shown.pop()
            index.pop()
        return "".join(shown), index


def fold(words: str) -> str:
    """Return words with their spaces as a browser shows them."""
    return _SPACE.sub(" ", words).strip()


def plainly(start: int, source: str) -> tuple[str, list[int]]:
    """Return a stretch that is shown as it is written."""
    return source, list(range(start, start + len(source) + 1))


def decoded(
    source: str, start: int, end: int, pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str]
) -> tuple[str, list[int]]:
    """Return a stretch with what `pattern` matches as what it means; everything else stands for itself."""
    shown, at, here = list[str](), list[int](), start
    for found in pattern.finditer(source, start, end):
        shown += source[here : found.start()]
        at += range(here, found.start())
        meant = meaning(found)
        shown += meant
        at += [found.start()] * len(meant)
        here = found.end()
    shown += source[here:end]
    at += range(here, end)
    return "".join(shown), [*at, end]


def lines_of(spots: Iterator[Spot] | list[Spot]) -> list[tuple[str, str]]:
    """Return what is compared before and after a change: what each spot holds and shows."""
    return [(spot.holds.value, spot.shown) for spot in spots]
