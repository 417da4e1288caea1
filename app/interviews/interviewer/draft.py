"""Brings an interview together: scenarios, assumptions, criteria and prompt as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.gherkin import one_line
from app.interviews.interviewer.app_outline import AppOutline
from app.interviews.interviewer.brief import Brief
from app.interviews.interviewer.catalogue import Question
from app.interviews.interviewer.prompt import likely_files, write_prompt
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.scenarios import scenarios_for
from app.interviews.interviewer.settled import Assumption, settle

_MOST_LINES = 8


@dataclass(frozen=True)
class Draft:
    """What an interview has come to so far; `open` are the questions nobody has answered yet."""

    scenarios: list[Scenario]
    assumptions: list[Assumption]
    gherkin: str
    prompt: str
    likely_files: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def compose(
    brief: Brief, outline: AppOutline, questions: list[Question], answers: Mapping[str, str]
) -> Draft:
    """The draft that these answers make; what is not answered is assumed and listed."""
    settled = settle(brief, outline, questions, answers)
    scenarios = scenarios_for(settled)
    gherkin = write_gherkin(brief, scenarios)
    return Draft(
        scenarios=scenarios,
        assumptions=settled.assumptions,
        gherkin=gherkin,
        prompt=write_prompt(settled, questions, gherkin),
        likely_files=likely_files(settled),
        open=[question.id for question in questions if not answers.get(question.id, "").strip()],
    )


def prompt_for(
    brief: Brief, outline: AppOutline, questions: list[Question], answers: Mapping[str, str], *, gherkin: str
) -> str:
    """The prompt again, for criteria that somebody has edited."""
    return write_prompt(settle(brief, outline, questions, answers), questions, gherkin)


def write_gherkin(brief: Brief, scenarios: list[Scenario]) -> str:
    """The scenarios as a feature; each names the answers it came from in a comment."""
    lines = [f"Feature: {one_line(brief.title, 200) or 'A request without a title'}"]
    # Behind the mark no line of a person can be read as a keyword, a tag, a table or a comment.
    described = [flat for line in brief.description[:4_000].splitlines() if (flat := one_line(line, 200))]
    lines += ["", *(f"  > {line}" for line in described[:_MOST_LINES])] if described else []
    lines += ["  > …"] if len(described) > _MOST_LINES else []
    for scenario in scenarios:
        lines.append("")
        if scenario.question_ids:
            lines.append(f"  # from: {', '.join(scenario.question_ids)}")
        lines.append(f"  Scenario: {one_line(scenario.title, 200)}")
        lines += [f"    {one_line(step, 500)}" for step in scenario.steps]
    return "\n".join(lines).rstrip() + "\n"
