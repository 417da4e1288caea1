"""Facts that features announce; `pipeline.py` says what follows, in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Fact = TypeVar("Fact")

_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def on(kind: type[Fact]) -> Callable[[Callable[[Fact], None]], Callable[[Fact], None]]:
    """Register what follows from a fact."""

    def register(handler: Callable[[Fact], None]) -> Callable[[Fact], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def announce(fact: object) -> None:
    """Say that something happened; everything that follows happens now, or nothing does."""
    for handler in _handlers[type(fact)]:
        handler(fact)
