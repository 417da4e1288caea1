"""What is sent by mail, and who brings it."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Message:
    """A letter as it goes out; its number stays the same however often it is tried."""

    number: str
    to: str
    subject: str
    text: str = field(repr=False)  # may hold a link that opens something
    html: str = field(repr=False)


class NotSent(Exception):
    """A letter did not go out; the reason is a sentence for whoever runs this installation."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final  # another try would end the same way


class Mail(Protocol):
    """Somebody who brings letters."""

    def send(self, message: Message) -> None:
        """Hand a letter over to be brought; raises NotSent where it is not taken."""
