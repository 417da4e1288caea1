"""Specs of the built-in writer, two hundred at once: how long, in which order, and what status reads are left."""

import contextlib
import sqlite3
import time

from tests.benchmarks import load
from tests.benchmarks.measures.figure import Figure, spoken
from tests.support.installation import Installation, wait_until

MANY = 200
LONGEST = 300
_IDEA = "Guests can book table {number} and cancel it. The owner must see all bookings for today."


def two_hundred_specs(here: Installation) -> Figure:
    """Ask for all of them one after the other; beside it is what the writer alone takes, in one process."""
    begin = time.perf_counter()
    specs = _asked(here)
    _await_all(here, specs)
    ours, alone = time.perf_counter() - begin, _alone()
    states, is_in_order = _found(here, specs)
    return Figure(
        f"{MANY} specs asked for at once, until all are written",
        f"{spoken(ours)}, {states['completed']} completed, {'in' if is_in_order else 'not in'} order of asking",
        f"{spoken(alone)}: the writer alone, in one process",
        f"{ours / alone:.2f}",
        "≤ 90 s, all, in order",
        ours <= 90 and states == {"completed": MANY} and is_in_order,
    )


def reads_while_specs_are_written(here: Installation) -> Figure:
    """Read one status with a key, at rest and while two hundred specs wait and are written."""
    spec = _ask(here, 0)
    here.post(f"/api/spec-status/{spec}/cancel")
    place = (f"http://127.0.0.1:{here.port}/spec-status/{spec}", {"Authorization": f"Bearer {here.key}"})
    at_rest = load.per_second(*place)
    specs = _asked(here)
    meanwhile = load.per_second(*place)
    written = _found(here, specs)[0].get("completed", 0)
    _await_all(here, specs)
    return Figure(
        f"status reads while {MANY} specs are written",
        f"{meanwhile:,.0f} /s, {written} written by then",
        f"{at_rest:,.0f} /s: the same at rest",
        f"{meanwhile / at_rest:.2f}",
        "≥ 0.3",
        meanwhile / at_rest >= 0.3 and written < MANY,
    )


def _asked(here: Installation) -> list[str]:
    return [_ask(here, number) for number in range(MANY)]


def _ask(here: Installation, number: int) -> str:
    answer = here.post("/fast-spec", {"input": _IDEA.format(number=number), "async": True})
    return str(answer.json["specId"])


def _await_all(here: Installation, specs: list[str]) -> None:
    wait_until(lambda: not _found(here, specs)[0].keys() - {"completed", "failed"}, LONGEST, "all to be over")


def _found(here: Installation, specs: list[str]) -> tuple[dict[str, int], bool]:
    """Count the states of specs, and tell whether they were begun in the order of asking."""
    with contextlib.closing(sqlite3.connect(here.home / "greenroom.db")) as database:
        rows = {row[0]: row[1:] for row in database.execute("SELECT id, status, started_at FROM specs")}
    states = [rows[spec][0] for spec in specs]
    begun = [rows[spec][1] or "9" for spec in specs]
    return {state: states.count(state) for state in set(states)}, begun == sorted(begun)


def _alone() -> float:
    from app.specs.document import Document
    from app.specs.renderings import for_people
    from app.specs.writer import PARTS, Brief, BuiltIn

    begin = time.perf_counter()
    for number in range(MANY):
        brief, said = Brief(text=_IDEA.format(number=number)), {}
        for part in PARTS:
            said |= BuiltIn().write(part, brief, said)
        for_people(Document.read(said))
    return time.perf_counter() - begin
