from collections.abc import Callable

import pytest

from app.engine import starters
from app.integrations.coding_agent import Assignment, Change, Outline

CRITERIA = """Feature: A map

  Scenario: A map is on the "Contact" page
    Given a visitor has opened the "Contact" page
    When they look below "Workshop"
    Then they see a map

  Scenario: It fits on a phone
    Given a visitor has opened the "Contact" page on a phone
    Then they can read all of it
"""


@pytest.fixture
def assign() -> Callable[..., Assignment]:
    """An assignment of Ada's on the static starter, with what a test wants different."""

    def assign(files: dict[str, bytes] | None = None, **different) -> Assignment:
        tree = starters.files("static", name="Corner Bakery") if files is None else files
        given = {
            "request_number": 12,
            "title": "Add a map to the contact page",
            "description": "People ask how to find us.",
            "criteria": CRITERIA,
            "prompt": "# Task: a map\n",
            "requester_name": "Ada",
            "branch": "requests/12-add-a-map",
            "files": sorted(tree),
            "read": tree.__getitem__,
        }
        return Assignment(**{**given, **different})

    return assign


@pytest.fixture
def outline() -> Callable[[Assignment], tuple[Change, list[str]]]:
    """Lets `outline` work and gives its change and what it said."""

    def outline(assignment: Assignment) -> tuple[Change, list[str]]:
        said: list[str] = []
        change = Outline().work(assignment, say=said.append, cancelled=lambda: False)
        return change, said

    return outline
