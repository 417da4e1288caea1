"""Gherkin as text: checked for people who edit it, read back, and safe to put people's words into."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LONGEST = 100_000
"""Characters of criteria that we take; far more than anyone can check by hand."""

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class GherkinError:
    """One thing that keeps criteria from being read, where it is and what to do."""

    line: int
    column: int
    message: str


@dataclass(frozen=True)
class ParsedStep:
    keyword: str
    text: str
    details: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.keyword} {self.text}".strip()


@dataclass(frozen=True)
class ParsedScenario:
    name: str
    steps: list[ParsedStep]


def one_line(text: str, limit: int = 300) -> str:
    """What somebody wrote as one line, which cannot begin a keyword, a table or a comment of its own."""
    # Direction overrides and control characters could make a line read as something it is not.
    flat = " ".join(_INVISIBLE.sub(" ", text).split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut
    return at_word.rstrip(" ,;:.-") + "…"


def parse(text: str) -> list[GherkinError]:
    """Everything that is wrong with these criteria, in words for the person who edits them."""
    if refused := _refused(text):
        return [refused]
    document, errors = _document(text)
    return errors or list(_missing(document))


def scenarios_of(text: str) -> list[ParsedScenario]:
    """The scenarios with their steps, background included; none where the text does not parse."""
    if _refused(text):
        return []
    document, errors = _document(text)
    feature = document.get("feature")
    return list(_scenarios(feature["children"], [])) if feature and not errors else []


def _refused(text: str) -> GherkinError | None:
    if not text.strip():
        return GherkinError(
            1, 1, "There is nothing here yet. Begin with a line such as “Feature: Opening hours”."
        )
    if len(text) > LONGEST:
        return GherkinError(
            1, 1, f"This is too long: {len(text):,} characters, at most {LONGEST:,} are taken."
        )
    if (found := re.search(r"[\x00\ud800-\udfff]", text)) is not None:
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        return GherkinError(line, column, "There is a character here that cannot be stored. Delete it.")
    return None


def _document(text: str) -> tuple[Any, list[GherkinError]]:
    from gherkin.errors import CompositeParserException, ParserException
    from gherkin.parser import Parser

    try:
        return Parser().parse(text), []
    except CompositeParserException as wrong:
        return {}, [_friendly(error, text) for error in wrong.errors]
    except ParserException as wrong:
        return {}, [_friendly(wrong, text)]


def _friendly(error: Any, text: str) -> GherkinError:
    line, column = error.location["line"], max(1, error.location.get("column") or 1)
    kind, said = type(error).__name__, str(error)
    if kind == "UnexpectedTokenException":
        message = _misplaced(said, text, line)
    elif kind == "UnexpectedEOFException":
        line = min(line, text.count("\n") + 1)
        open_block = "#DocStringSeparator" in said and "#StepLine" not in said
        message = (
            'A block of text that begins with """ is never closed. Add a line with """ after it.'
            if open_block
            else "The text ends too early: something is missing after the last line."
        )
    elif kind == "NoSuchLanguageException":
        message = "This language is not known. Remove the “# language” line to write in English."
    elif "inconsistent cell count" in said:
        message = "Every row of a table needs the same number of cells. Check the | signs."
    elif "tag" in said:
        message = "A tag (a word that begins with @) cannot contain spaces."
    else:
        message = "This line cannot be read here."
    return GherkinError(line, column, message)


def _misplaced(said: str, text: str, line: int) -> str:
    before = [row.strip() for row in text.split("\n")[: line - 1]]
    row = [*text.split("\n"), ""][line - 1].strip()
    shown = f"“{one_line(row, 60)}”"
    if "#FeatureLine" in said:
        return f"{shown} comes too early. The first line has to be “Feature:” and a name."
    if row.startswith("|"):
        return "A table can only stand under a step, a line that begins with Given, When, Then, And or But."
    if row.startswith(("Feature:", "Background:", "Rule:")):
        return f"{shown} cannot stand here: one feature holds everything, what is shared comes first."
    if "#StepLine" in said and any(before):
        return (
            f"{shown} is not a step. Begin the line with Given, When, Then, And or But, "
            "or with “Scenario:” to start a new one."
        )
    return f"{shown} cannot stand here. Begin the line with “Scenario:”, Given, When, Then, And or But."


def _missing(document: Any) -> Iterator[GherkinError]:
    feature = document.get("feature")
    if not feature:
        yield GherkinError(1, 1, "The first line has to be “Feature:” and a name.")
        return
    found = False
    for node in _scenario_nodes(feature["children"]):
        found = True
        line, column = node["location"]["line"], node["location"].get("column", 1)
        name = one_line(node["name"], 60) or "without a name"
        if not node["steps"]:
            yield GherkinError(
                line,
                column,
                f"The scenario “{name}” has no steps. Add lines that begin with Given, When and Then.",
            )
        if node["keyword"] in {"Scenario Outline", "Scenario Template"} and not node["examples"]:
            yield GherkinError(
                line,
                column,
                f"The outline “{name}” needs a table under “Examples:”, or write “Scenario:” instead.",
            )
    if not found:
        yield GherkinError(
            feature["location"]["line"], 1, "Add at least one scenario: a line that begins with “Scenario:”."
        )


def _scenario_nodes(children: list[Any]) -> Iterator[Any]:
    for child in children:
        if "rule" in child:
            yield from _scenario_nodes(child["rule"]["children"])
        elif "scenario" in child:
            yield child["scenario"]


def _scenarios(children: list[Any], shared: list[ParsedStep]) -> Iterator[ParsedScenario]:
    for child in children:
        if "background" in child:
            shared = [*shared, *map(_step, child["background"]["steps"])]
        elif "rule" in child:
            yield from _scenarios(child["rule"]["children"], shared)
        else:
            node = child["scenario"]
            yield ParsedScenario(node["name"].strip(), [*shared, *map(_step, node["steps"])])


def _step(node: Any) -> ParsedStep:
    rows = node.get("dataTable", {}).get("rows", [])
    details = [" · ".join(cell["value"] for cell in row["cells"]) for row in rows]
    details += node.get("docString", {}).get("content", "").splitlines()
    return ParsedStep(node["keyword"].strip(), node["text"].strip(), details)
