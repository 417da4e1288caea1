"""What the keeper is told to do for others, who know features; itself it knows none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID


class Periodic(NamedTuple):
    """Something to be done again and again, in a unit of work of its own; those of one pace do by turns."""

    name: str
    seconds: float
    do: Callable[[], object]
    is_alone: bool = False  # waits for no other to end


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """Who may look, and what is due; each is called inside a unit of work, or opens one itself."""

    may_person_open: Callable[[UUID, UUID], bool]  # user, project
    may_key_open: Callable[[str, UUID], bool]  # key, project
    review: Callable[[str, UUID], dict[str, Any] | None] = lambda _label, _user: None
    take_link: Callable[[str, str], dict[str, Any] | None] = lambda *_: None  # a share link's secret, label
    may_guest_open: Callable[[UUID, str], bool] = lambda *_: False  # share link, label
    may_token_open: Callable[[str, str], bool] = lambda *_: False  # an environment's token, label
    periodic: Sequence[Periodic] = ()
