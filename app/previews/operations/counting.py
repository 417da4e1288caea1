"""How long an organization's previews took to build."""

from app.core import ledger
from app.organizations.events import UsageCounted
from app.previews import queries


def count_builds(fact: UsageCounted) -> None:
    """Add how long the previews of an organization were worked on in a month, those of branches as well."""
    for runs in queries.runs_in(fact.organization_id):
        fact.build_seconds += ledger.seconds_spent(runs, since=fact.period.start, until=fact.period.end)
