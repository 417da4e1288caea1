"""What is asked of somebody who reads pages, and what they give."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

KINDS = ("text/html", "application/xhtml+xml", "text/markdown", "text/plain", "application/pdf")
"""The content types that are taken."""


@dataclass(frozen=True)
class WebPage:
    """What was found at an address; `trouble` says, as the end of a sentence, why nothing was."""

    url: str
    kind: str = ""
    charset: str = "utf-8"
    content: bytes = b""
    trouble: str = ""


class WebPages(Protocol):
    """Somebody who reads pages."""

    def fetch(self, urls: Sequence[str]) -> list[WebPage]:
        """Return what each address holds, in their order and in bounded time."""
