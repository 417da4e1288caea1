"""Puts in what was pointed at, where the source says it just once; outlines the rest."""

from collections.abc import Callable
from dataclasses import replace

from app.core.errors import Cancelled, Failed
from app.integrations.coding_agent.assignment import Assignment, Change
from app.integrations.coding_agent.edits import Edit, Finding
from app.integrations.coding_agent.outline import Outline
from app.integrations.coding_agent.touch_up.change import settle
from app.integrations.coding_agent.touch_up.criteria import left_over, message_of, sentence_of
from app.integrations.coding_agent.touch_up.sources import Sources


def findings_for(edits: list[Edit], files: list[str], read: Callable[[str], bytes]) -> list[Finding]:
    """Say where edits would land in the files of a commit, without changing anything."""
    return settle(edits, Sources(files, read))[0]


class TouchUp:
    """A real change without a model: the texts, links, pictures and colours that somebody pointed at."""

    name = "touch-up"
    label = "Touch-up: puts in the texts, links, pictures and colours that somebody pointed at"
    waits_for_person = False

    def work(
        self, assignment: Assignment, *, say: Callable[[str], None], cancelled: Callable[[], bool]
    ) -> Change:
        if not assignment.edits:
            raise Failed(
                "no_edits", "There is nothing to put in.", "Point at what should change, then start again."
            )
        say(f"Look for {_counted(len(assignment.edits), 'change')} in {len(assignment.files)} files.")
        findings, texts = settle(assignment.edits, Sources(assignment.files, assignment.read))
        for finding in findings:
            if cancelled():
                raise Cancelled
            say(_told(finding))
        left = [finding for finding in findings if not finding.is_settled]
        files: dict[str, bytes | None] = {path: text.encode() for path, text in texts.items()}
        outcome = {"edits": [finding.as_dict() for finding in findings]}
        if not left:
            message = message_of(assignment.request_number, assignment.title, findings)
            return Change(files=files, message=message, summary=_summary(findings), outcome=outcome)
        outline = Outline().work(assignment, say=say, cancelled=cancelled)
        written = {
            path: (data or b"") + f"\n{left_over(left)}\n".encode() for path, data in _document(outline)
        }
        if not files:
            return replace(outline, files={**outline.files, **written}, outcome=outcome)
        message = message_of(assignment.request_number, assignment.title, findings)
        return Change(
            files={**files, **written}, message=message, summary=_summary(findings), outcome=outcome
        )


def _document(outline: Change) -> list[tuple[str, bytes | None]]:
    return [(path, data) for path, data in outline.files.items() if path.endswith(".md")]


def _told(finding: Finding) -> str:
    words = sentence_of(finding.edit)
    if finding.is_settled:
        return f"Change {words} in {', '.join(place.key for place in finding.chosen)}."
    places = ", ".join(place.key for place in finding.places)
    return f"Not put in: {words}. Found in {places}." if places else f"Not put in: {words}. Found nowhere."


def _summary(findings: list[Finding]) -> str:
    done = sum(finding.is_settled for finding in findings)
    left = len(findings) - done
    made = f"Put in {_counted(done, 'change')}"
    return f"{made}; {_counted(left, 'change')} could not be put in." if left else f"{made}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
