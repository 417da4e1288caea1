"""`greenroom doctor`: what is wrong here, in sentences; `--truth`: what the database says that is not so."""

from app.core import ledger
from app.core.db import unit_of_work


def examine(*, truth: bool) -> int:
    """Print every fault that is found; returns 1 when there is one."""
    with unit_of_work():
        faults = disagreements() if truth else shortcomings()
    for fault in faults:
        print(fault)
    if not faults:
        print("Everything is as it says it is." if truth else "Nothing is wrong.")
    return 1 if faults else 0


def disagreements() -> list[str]:
    """Compare what the database says with what exists on this machine."""
    from app.engine.keeper import reconcile

    return [*ledger.disagreements(), *reconcile.disagreements()]


def shortcomings() -> list[str]:
    """Look at what this machine lacks for doing its work well and safely."""
    return []
