"""The operations of the API: what is promised, what is declared, and the table that the documentation shows.

`python -m tests.architecture.operations` writes the table into docs/api.md anew.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from app.web.api import Operation, registry
from app.web.openapi import path_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api.md"
BEGIN, END = "<!-- operations: begin -->\n", "<!-- operations: end -->\n"
Row = tuple[str, str, str, str]  # family, method, path, operation


def promised() -> set[Row]:
    """Return the operations that programs count on, by these names."""
    with (Path(__file__).parent / "operations.csv").open(newline="") as file:
        return {(row["family"], row["method"], row["path"], row["operation"]) for row in csv.DictReader(file)}


def declared(operations: Iterable[Operation] | None = None) -> set[Row]:
    """Return the operations that the code serves."""
    found = registry.operations if operations is None else operations
    return {(each.family, each.method, path_of(each), each.name) for each in found}


def table(operations: Iterable[Operation] | None = None) -> str:
    """Write the table of operations as docs/api.md shows it."""
    found = registry.operations if operations is None else operations
    lines = ["| Operation | Method | Path | Scope | Success |", "|---|---|---|---|---|"]
    for each in sorted(found, key=lambda each: (path_of(each), each.method)):
        scope = "none" if each.public else each.scope or ("read" if each.method == "GET" else "write")
        name = each.name.removesuffix(" (ours)")
        lines.append(f"| {name} | {each.method} | `{path_of(each)}` | {scope} | {each.status} |")
    return "\n".join(lines) + "\n"


def shown(page: str) -> str:
    """Return the table that a page shows."""
    return page.partition(BEGIN)[2].partition(END)[0]


def _write() -> None:
    import tempfile

    from app.config import Settings
    from app.factory import create_app

    with tempfile.TemporaryDirectory() as home:
        create_app(Settings.model_validate({"GREENROOM_HOME": home, "testing": True}))
    page = PAGE.read_text()
    PAGE.write_text(page.replace(BEGIN + shown(page) + END, BEGIN + table() + END))


if __name__ == "__main__":
    _write()
