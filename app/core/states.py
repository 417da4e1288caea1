"""States: an enum, a table of moves, and one way to move."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from app.core.errors import IllegalTransition


class Stateful:
    """A record whose `status` only moves along `moves`."""

    moves: ClassVar[Mapping[Any, frozenset[Any]]]
    status: Any

    def can_move_to(self, target: StrEnum) -> bool:
        return target in self.moves.get(self.status, frozenset())

    def move_to(self, target: StrEnum) -> None:
        """Go to `target`, or say which moves are open (409)."""
        if not self.can_move_to(target):
            open_moves = ", ".join(sorted(str(state) for state in self.moves.get(self.status, ()))) or "none"
            raise IllegalTransition(
                f"This is {self.status} and cannot become {target}. Possible from here: {open_moves}."
            )
        self.status = target
