"""What an organization's apps take: the time of its deploys, and the room of their repositories."""

from app.apps import queries
from app.core import ledger
from app.engine.repositories import bytes_in
from app.organizations.events import FilesWeighed, UsageCounted


def count_builds(fact: UsageCounted) -> None:
    """Add how long what an organization put live was worked on in a month."""
    runs = queries.runs_in(fact.organization_id)
    fact.build_seconds += ledger.seconds_spent(runs, since=fact.period.start, until=fact.period.end)


def weigh_apps(fact: FilesWeighed) -> None:
    """Add how many bytes the repositories of apps have on disk that lie beside those of projects."""
    apps = queries.app_repositories_in(fact.organization_id)
    fact.bytes += sum(bytes_in(app.repository_path) for app in apps if not app.project.is_sample)
