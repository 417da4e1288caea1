"""How long an organization's deploys took."""

from app.apps import queries
from app.core import ledger
from app.organizations.events import UsageCounted


def count_builds(fact: UsageCounted) -> None:
    """Add how long what an organization put live was worked on in a month."""
    runs = queries.runs_in(fact.organization_id)
    fact.build_seconds += ledger.seconds_spent(runs, since=fact.period.start, until=fact.period.end)
