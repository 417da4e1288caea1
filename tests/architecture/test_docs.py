"""The documentation says what is so: every operation, command and link in it exists, and none is left out."""

import argparse
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from app.cli import _parser
from app.web.api import Operation
from tests.architecture import operations

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "STYLE.md",
    "CHANGELOG.md",
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def pages() -> dict[str, str]:
    return {name: (ROOT / name).read_text() for name in PAGES}


def broken_links(texts: Mapping[str, str], root: Path) -> list[str]:
    """Return the links between pages that lead nowhere; addresses elsewhere are not asked."""
    found = []
    for name, text in texts.items():
        for target in _LINK.findall(text):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            place = (root / name).parent / path if path else root / name
            key = str(place.resolve().relative_to(root.resolve()))
            if not place.exists() or (anchor and anchor not in anchors(texts.get(key, ""))):
                found.append(f"{name}: {target}")
    return found


def anchors(text: str) -> set[str]:
    """Return the anchors that the headings of a page make."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(parser: argparse.ArgumentParser, before: str = "") -> list[str]:
    """Return every command of the command line, as `admin create`."""
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found += commands(inner, f"{before} {name}".strip()) or []
    return found or ([before] if before else [])


def unmentioned(names: Iterable[str], text: str) -> list[str]:
    """Return the names that stand nowhere in a page as code."""
    return [name for name in names if f"`{name}`" not in text]


class TestThePages:
    def test_lead_only_to_what_is_there(self):
        assert broken_links(pages(), ROOT) == []

    def test_name_every_command(self):
        assert unmentioned(commands(_parser()), pages()["docs/operations.md"]) == []

    def test_of_the_newcomer_names_the_two_commands_and_fits_on_a_screen(self):
        readme = pages()["README.md"]

        assert re.search(r"^\$ bin/up\b", readme, re.MULTILINE)
        assert re.search(r"^\$ bin/test\b", readme, re.MULTILINE)
        assert "](docs/images/board.png)" in readme
        assert len(readme.splitlines()) < 70

    @pytest.mark.parametrize("name", PAGES)
    def test_name_no_machine(self, name):
        assert not re.search(r"/(work|root|tmp|home)/", pages()[name])


class TestTheApi:
    def test_keeps_what_is_promised(self, app):
        assert operations.declared() == operations.promised()

    def test_is_shown_as_it_is(self, app):
        shown = operations.shown(pages()["docs/api.md"])

        assert shown == operations.table(), "run python -m tests.architecture.operations"


class TestTheRules:
    def test_see_a_link_that_leads_nowhere(self, tmp_path):
        (tmp_path / "docs").mkdir()
        texts = {
            "README.md": "[a](docs/a.md) [b](docs/gone.md) [c](docs/a.md#a-part) [d](docs/a.md#no-part) [e](https://x.org)",
            "docs/a.md": "# All\n\n## A part\n\n[up](../README.md) [here](#all) [not](#nothing)",
        }
        for name, text in texts.items():
            (tmp_path / name).write_text(text)

        assert broken_links(texts, tmp_path) == [
            "README.md: docs/gone.md",
            "README.md: docs/a.md#no-part",
            "docs/a.md: #nothing",
        ]

    def test_see_a_command_that_is_not_mentioned(self):
        parser = argparse.ArgumentParser()
        inner = parser.add_subparsers()
        inner.add_parser("up")
        inner.add_parser("admin").add_subparsers().add_parser("create")

        assert commands(parser) == ["up", "admin create"]
        assert unmentioned(commands(parser), "Start it with `up`; an admin create.") == ["admin create"]

    def test_see_an_operation_that_was_renamed(self):
        moved = Operation(
            method="GET",
            path="/api/users/<uuid:user_id>",
            name="Get anyone",
            family="requests",
            endpoint="x.y",
        )

        assert operations.declared([moved]) - operations.promised() == {
            ("requests", "GET", "/api/users/{userId}", "Get anyone")
        }

    def test_see_a_table_that_is_out_of_date(self):
        added = Operation(method="GET", path="/api/new", name="Get news", family="requests", endpoint="x.y")

        assert "| Get news | GET | `/api/new` | read | 200 |\n" in operations.table([added])
        assert "Get news" not in operations.shown(pages()["docs/api.md"])
