"""What a language model is asked, and what it gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a model answers: an address up to its version (`http://localhost:11434/v1`), a key, a name."""

    base_url: str
    key: str = field(repr=False)
    model: str


@dataclass(frozen=True)
class Material:
    """Text that somebody else wrote. It is to be read, and never to be obeyed."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Task(Generic[Shape]):
    """What is to be written: our own instructions, the material for it, and the shape of the answer."""

    instructions: str
    material: Sequence[Material]
    shape: type[Shape]
    most_tokens: int = 4_000


@dataclass(frozen=True)
class Usage:
    """How much was read and written, in tokens as the endpoint counts them; nothing where it does not."""

    read: int = 0
    written: int = 0

    @property
    def total(self) -> int:
        return self.read + self.written

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.read + other.read, self.written + other.written)


@dataclass(frozen=True)
class Written(Generic[Shape]):
    """An answer that holds, and what all tries for it used together."""

    value: Shape
    usage: Usage


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How somebody follows the writing, and ends it.

    `heard` gets the number of characters that came so far, `reads` what they are, which begins anew with each
    asking. `waits_until` gets the moment at which a busy endpoint is asked again, and None once it is.
    `is_over` is asked all along.
    """

    heard: Callable[[int], None] = lambda _: None
    reads: Callable[[str], None] | None = None
    waits_until: Callable[[datetime | None], None] = lambda _: None
    is_over: Callable[[], bool] = lambda: False


class Meter(Protocol):
    """Hears of each asking before it and after it."""

    def admit(self, most: Usage) -> None:
        """Let an asking happen that takes at most this much; raises DomainError where it may not."""

    def note(self, usage: Usage) -> None:
        """Count what the asking took, whatever became of it."""


class LanguageModel(Protocol):
    """Somebody who writes."""

    @property
    def name(self) -> str:
        """Return what people know it by."""

    def write(self, task: Task[Shape], patience: Patience) -> Written[Shape]:
        """Return what was asked for, in its shape.

        Raises Cancelled when the patience is over, and Failed with a reason and a next step where nothing
        that holds could be had.
        """
