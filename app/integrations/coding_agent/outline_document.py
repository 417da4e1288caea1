"""The criteria as a document that reads well in the repository."""

from app.core.gherkin import ParsedScenario, one_line
from app.core.markdown import fenced, plain
from app.integrations.coding_agent.assignment import Assignment, attached


def outline_document(assignment: Assignment, scenarios: list[ParsedScenario]) -> str:
    """What was asked, how to check it, what was asked for since, and the criteria word for word."""
    who = plain(assignment.requester_name, 80) or "somebody"
    parts = [
        f"# {assignment.request_number}: {plain(assignment.title) or 'A request without a title'}",
        f"Outline: not the finished change. Asked for by {who}; round {assignment.round}.",
    ]
    if assignment.description.strip():
        parts += ["## What was asked", fenced(assignment.description)]
    if assignment.attachments:
        parts += [attached(assignment.attachments).rstrip()]
    parts += ["## How to check it", "\n".join(map(_ticks, scenarios)) or "There are no scenarios yet."]
    if assignment.feedback:
        rounds = [
            f"### Before round {number}\n\n{fenced(text)}"
            for number, text in enumerate(assignment.feedback, 2)
        ]
        parts += ["## Asked for since", *rounds]
    parts += ["## Criteria, word for word", fenced(assignment.criteria, "gherkin")]
    return "\n\n".join(parts) + "\n"


def _ticks(scenario: ParsedScenario) -> str:
    lines = [f"- [ ] **{plain(scenario.name) or 'Without a name'}**"]
    for step in scenario.steps:
        lines.append(f"  - {plain(step.keyword, 40)} {plain(step.text, 500)}")
        lines += [f"    - {plain(one_line(detail), 300)}" for detail in step.details if detail.strip()]
    return "\n".join(lines)
