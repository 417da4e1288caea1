"""Changes no code: commits the criteria as a document and a page that outlines what would change."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import Cancelled
from app.core.gherkin import one_line, scenarios_of
from app.integrations.coding_agent.assignment import Assignment, Change
from app.integrations.coding_agent.banner import with_banner
from app.integrations.coding_agent.outline_document import outline_document
from app.integrations.coding_agent.outline_page import outline_page
from app.integrations.coding_agent.served_folder import served_folder


class Outline:
    """Puts the criteria where they can be read and clicked, plainly labelled as an outline."""

    name = "outline"
    label = "Outline: the criteria as a document and a page to click through, no code changed"
    waits_for_person = False

    def work(
        self, assignment: Assignment, *, say: Callable[[str], None], cancelled: Callable[[], bool]
    ) -> Change:
        work = _Work(assignment, say, cancelled)
        return work.change()


@dataclass(frozen=True)
class _Work:
    assignment: Assignment
    say: Callable[[str], None]
    cancelled: Callable[[], bool]

    def change(self) -> Change:
        assignment = self.assignment
        scenarios = scenarios_of(assignment.criteria)
        self._step(f"Read the criteria: {len(scenarios)} to check.")
        document = f"docs/requests/{self._name}.md"
        self._step(f"Write {document}.")
        files: dict[str, bytes | None] = {document: outline_document(assignment, scenarios).encode()}
        page = self._page(files)
        subject = f"Outline request {assignment.request_number}: {one_line(assignment.title, 50)}".rstrip(
            ": "
        )
        told = "It holds the criteria and what they would change; the app itself is as it was."
        if assignment.feedback:
            told += f"\n\nRound {assignment.round}, with what was asked for since."
        self._step("Done. This is an outline, not the finished change.")
        summary = f"Outlined in {document}" + (f" and on the page {page}." if page else ".")
        return Change(files=files, message=f"{subject}\n\n{told}\n", summary=summary)

    def _page(self, files: dict[str, bytes | None]) -> str:
        """Add the page where the app serves files as they are, and a link to it where visitors arrive."""
        folder = served_folder(self.assignment.files, self.assignment.read)
        if folder is None:
            self._step("This app serves no plain files, so there is no page to click through.")
            return ""
        address = f"requests/{self._name}.html"
        path = f"{folder.path}/{address}".lstrip("/")
        self._step(f"Write {path}{f', styled by {folder.styles[0]}' if folder.styles else ''}.")
        files[path] = outline_page(self.assignment, scenarios_of(self.assignment.criteria), folder).encode()
        if folder.index is not None:
            self._link(folder.index, address, files)
        return path

    def _link(self, index: str, address: str, files: dict[str, bytes | None]) -> None:
        linked = with_banner(self.assignment.read(index), self.assignment.request_number, address)
        if linked is None:
            self._step(f"{index} has no place for a link to the outline; open /{address} instead.")
            return
        files[index] = linked
        self._step(f"Put a link to the outline at the top of {index}.")

    def _step(self, text: str) -> None:
        if self.cancelled():
            raise Cancelled
        self.say(text)

    @property
    def _name(self) -> str:
        """The branch's own name, as a file's name."""
        last = re.sub(r"[^a-z0-9-]+", "-", self.assignment.branch.rsplit("/", 1)[-1].casefold()).strip("-")[
            :80
        ]
        number = str(self.assignment.request_number)
        return last if last.split("-")[0] == number else "-".join(filter(None, [number, last]))
