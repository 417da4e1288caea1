"""How the installation does, in numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from sqlalchemy import and_, func, or_, select

from app.accounts.models import User
from app.core.clock import now
from app.core.db import session
from app.core.ledger import Run, RunState
from app.engine.instances import Instance, InstanceState
from app.organizations.models import Organization
from app.projects.models import Project
from app.requests.models import ProductRequest, RequestStatus

DAYS = 30
_COUNTED_ENDS = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)


@dataclass(frozen=True)
class Counts:
    """How many there are of what."""

    users: int
    active_users: int
    organizations: int
    projects: int
    archived_projects: int
    previews_running: int
    previews_asleep: int


@dataclass(frozen=True)
class Day:
    """How much was filed and merged on a day, in UTC."""

    day: date
    filed: int
    merged: int


@dataclass(frozen=True)
class Pace:
    """The middle of how long requests took, in seconds, among those of the last days; None without any."""

    to_accepted: float | None
    to_merged: float | None


@dataclass(frozen=True)
class Ends:
    """How the runs of a kind ended in the last days."""

    kind: str
    done: int
    failed: int
    cancelled: int

    @property
    def failure_share(self) -> float:
        """Return which part failed, of those that nobody cancelled."""
        return self.failed / max(1, self.done + self.failed)


def counts() -> Counts:
    """Count people, places, projects and previews, in one statement."""
    people = and_(User.is_sample.is_(False), User.erased_at.is_(None))
    stays = Project.leaving_at.is_(None)
    previews = Instance.purpose.in_(["preview", "branch"])
    numbers = [
        select(func.count()).select_from(User).where(people),
        select(func.count()).select_from(User).where(people, User.deactivated_at.is_(None)),
        select(func.count()).select_from(Organization),
        select(func.count()).select_from(Project).where(stays),
        select(func.count()).select_from(Project).where(stays, Project.archived_at.is_not(None)),
        select(func.count()).select_from(Instance).where(previews, Instance.state == InstanceState.RUNNING),
        select(func.count()).select_from(Instance).where(previews, Instance.state == InstanceState.ASLEEP),
    ]
    return Counts(*session.execute(select(*(each.scalar_subquery() for each in numbers))).one())


def requests_by_state() -> dict[RequestStatus, int]:
    """Count the requests of every state, in the order of their road."""
    query = select(ProductRequest.status, func.count()).group_by(ProductRequest.status)
    found = dict(session.execute(query).all())
    return {status: found.get(status, 0) for status in RequestStatus}


def recent_days() -> tuple[list[Day], Pace]:
    """Return what was filed and merged on each of the last days, and how long that took."""
    today = now().date()
    first = today - timedelta(days=DAYS - 1)
    since = datetime.combine(first, time.min, UTC)
    columns = (ProductRequest.created_at, ProductRequest.approved_at, ProductRequest.merged_at)
    rows = session.execute(select(*columns).where(or_(*(each >= since for each in columns)))).all()
    filed = Counter(row.created_at.date() for row in rows)
    merged = Counter(row.merged_at.date() for row in rows if row.merged_at)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    pace = Pace(
        _middle(
            [row.approved_at - row.created_at for row in rows if row.approved_at and row.approved_at >= since]
        ),
        _middle([row.merged_at - row.created_at for row in rows if row.merged_at and row.merged_at >= since]),
    )
    return [Day(day, filed[day], merged[day]) for day in days], pace


def _middle(lengths: Sequence[timedelta]) -> float | None:
    return median(length.total_seconds() for length in lengths) if lengths else None


def ends_of_runs() -> list[Ends]:
    """Return how the runs of the last days ended, by kind."""
    since = now() - timedelta(days=DAYS)
    query = (
        select(Run.kind, Run.state, func.count())
        .where(Run.ended_at >= since)
        .group_by(Run.kind, Run.state)
        .order_by(Run.kind)
    )
    found: dict[str, Counter[RunState]] = {}
    for kind, state, count in session.execute(query):
        found.setdefault(kind, Counter())[state] += count
    return [Ends(kind, *(ends[state] for state in _COUNTED_ENDS)) for kind, ends in found.items()]
