"""What is asked of a writer: one part after the other, each from the brief and what is written already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.specs.document import Page, Technology

PARTS = ("summary", "stories", "people", "technology", "risks")
"""The parts of a document, in the order in which they are written."""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What a spec is written from."""

    text: str
    context: str = ""
    is_deep: bool = False
    stack: tuple[Technology, ...] = ()  # as the repository shows it
    pages: tuple[Page, ...] = ()  # that whoever asks named, those that could not be read as well

    @property
    def is_addition(self) -> bool:
        """Tell whether it comes to something that is there already, so that nothing has to be set up."""
        return bool(self.context.strip() or self.stack)

    @property
    def notes(self) -> list[str]:
        """Return what has to be known of how it was written."""
        return [f"{page.url} was not read: {page.trouble}." for page in self.pages if page.trouble]


class Writer(Protocol):
    """Writes the parts of a document."""

    @property
    def name(self) -> str: ...

    def write(self, part: str, brief: Brief, written: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of the document that a part holds; `written` are those of the parts before."""
        ...


def writers() -> dict[str, Writer]:
    """Return who can write here, by name, the one without any condition first."""
    from app.specs.writer.built_in import BuiltIn

    return {each.name: each for each in (BuiltIn(),)}
