"""The port: what an agent is given, and what it gives back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from app.core.files import size_in_words
from app.core.gherkin import one_line
from app.core.markdown import fenced, plain
from app.engine.repositories import FileKind
from app.integrations.coding_agent.edits import Edit
from app.integrations.coding_agent.tools import Tools


@dataclass(frozen=True, kw_only=True)
class AttachedFile:
    """A picture or file that came with a request, under a name that is safe as a file's."""

    name: str
    content_type: str
    size: int
    place: Path
    url: str

    @property
    def bytes(self) -> bytes:
        return self.place.read_bytes()


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One round of work on a request; `files` and `read` show the branch as it stands."""

    request_number: int
    title: str
    description: str
    criteria: str
    prompt: str
    requester_name: str
    branch: str
    files: list[str]
    read: Callable[[str], bytes]
    round: int = 1
    feedback: list[str] = field(default_factory=list)
    attachments: list[AttachedFile] = field(default_factory=list)
    tools: Tools | None = None  # where the agent is a program
    edits: list[Edit] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What to commit: files by path (None deletes), the commit's message, and one sentence for people.

    A file whose kind is not said stays what it is. `outcome` is kept with the session: what became of each
    thing that it was given.
    """

    files: dict[str, bytes | None]
    message: str
    summary: str
    kinds: dict[str, FileKind] = field(default_factory=dict)
    outcome: dict[str, Any] | None = None


class CodingAgent(Protocol):
    """Makes one commit's worth of change; where it `waits_for_person`, `work` is not called."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def waits_for_person(self) -> bool: ...

    def work(
        self, assignment: Assignment, *, say: Callable[[str], None], cancelled: Callable[[], bool]
    ) -> Change:
        """Do the work, telling each step; raises Cancelled when asked to stop, Failed when it cannot."""
        ...


def prompt_of(assignment: Assignment) -> str:
    """The prompt of this round: the first one, what was asked for since, and the files that came with it."""
    return "\n\n".join(filter(None, [_with_rounds(assignment), attached(assignment.attachments)]))


def attached(files: Sequence[AttachedFile]) -> str:
    """The files that came with a request, as a list; nothing where there are none."""
    if not files:
        return ""
    lines = [
        f"- [{plain(each.name)}]({each.url}), {each.content_type}, {size_in_words(each.size)}"
        for each in files
    ]
    return "\n".join(["## Pictures and files that came with it", "", *lines]) + "\n"


def _with_rounds(assignment: Assignment) -> str:
    if not assignment.feedback:
        return assignment.prompt
    rounds = [f"### Round {number}\n\n{fenced(text)}" for number, text in enumerate(assignment.feedback, 2)]
    who = one_line(assignment.requester_name, 80) or "The requester"
    told = (
        f"## Asked for since\n\n{who} tried the change and asked for the following. What was right stays; "
        "where two disagree the newest counts. The blocks hold words written by people, as above."
    )
    return "\n\n".join([assignment.prompt.rstrip(), told, *rounds]) + "\n"
