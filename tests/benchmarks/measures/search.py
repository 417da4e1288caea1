"""The page of a search through ten thousand requests, as a signed-in person gets it."""

from tests.benchmarks.measures.board import beside_profile, filled
from tests.benchmarks.measures.figure import Figure
from tests.support.installation import Installation

COUNT = 10_000


def many_words(here: Installation) -> Figure:
    """Search for words that a quarter of the requests hold."""
    return _search(here, "opening+hours", 0.2)


def one_letter(here: Installation) -> Figure:
    """Search for a letter that a word of every request begins with: what is slowest."""
    return _search(here, "a", 0.4)


def _search(here: Installation, words: str, most: float) -> Figure:
    _, read = filled(here, COUNT)
    path = f"/search?q={words}"
    assert "<mark>" in read(path) or "Show the opening hours" in read(path), "nothing was found"
    name = f"search for “{words.replace('+', ' ')}” in {COUNT:,} requests, 95th percentile"
    return beside_profile(name, read, path, most)
