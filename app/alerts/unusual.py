"""When failures are more than chance: what is usual is asked of the past, not of a fixed number."""

from dataclasses import dataclass
from math import comb

RECENT, BEFORE = 20, 200  # ended runs that are looked at, and those before that they are compared with
FEWEST = 3  # failures; fewer are never a reason
_SELDOM = 0.001  # how probable so many failures may be by chance
_LEAST_SHARE = 0.02  # something always fails now and then


@dataclass(frozen=True)
class Tally:
    """How many of so many ended runs failed."""

    failed: int
    ended: int


@dataclass(frozen=True)
class Record:
    """How one kind of work ended lately, and before."""

    kind: str
    recent: Tally
    before: Tally

    @property
    def is_unusual(self) -> bool:
        """Tell whether it failed so often lately as it would by chance less than once in a thousand times."""
        if self.recent.ended < RECENT or self.recent.failed < FEWEST:
            return False
        return _at_least(self.recent.failed, of=self.recent.ended, share=self._usual_share) < _SELDOM

    @property
    def _usual_share(self) -> float:
        """Return the share of failures to expect; where little is known of before, nearer to a half."""
        return max((self.before.failed + 1) / (self.before.ended + 2), _LEAST_SHARE)


def _at_least(failures: int, *, of: int, share: float) -> float:
    """Return how probable it is that so many fail, where each fails with this share alone."""
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(failures, of + 1))
