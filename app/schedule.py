"""What runs periodically: one table. Each is called by the keeper, by one machine at a time."""

from collections.abc import Callable
from typing import NamedTuple

from app.development import operations as development
from app.previews import operations as previews
from app.reviews import operations as reviews


class Due(NamedTuple):
    """Something to be done again and again: its name, its pace, what it calls."""

    name: str
    seconds: float
    do: Callable[[], object]


TABLE = (
    Due("expire-previews", 20, previews.expire_previews),
    Due("settle-merged", 20, reviews.settle_merged),
    Due("sync-waiting-sessions", 20, development.sync_waiting),
)
