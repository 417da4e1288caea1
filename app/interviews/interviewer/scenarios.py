"""Scenarios in plain English from the settled facts of a request."""

from app.interviews.interviewer.additions import added
from app.interviews.interviewer.alterations import altered
from app.interviews.interviewer.phrases import Phrases
from app.interviews.interviewer.repairs import kept_up, repaired
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Settled


def scenarios_for(settled: Settled) -> list[Scenario]:
    """One to six scenarios: what was asked for first, then its limits."""
    write = next(
        (
            kind
            for fact, kind in (("actual", repaired), ("done", kept_up), ("need", added))
            if fact in settled.road
        ),
        altered,
    )
    return write(settled, Phrases(settled))
