"""What an organization uses: counted from what there is, and kept where no other row says it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict
from app.core.events import announce
from app.organizations import queries
from app.organizations.events import FilesWeighed, UsageCounted
from app.organizations.models import Limits, Organization, Period, Role, Usage

_NAMED = 3
_MEGABYTE = 1024 * 1024
_MILLION = 1_000_000


class LimitReached(Conflict):
    """An organization has used what it may use in this month."""

    type = "limit_reached"


@dataclass(frozen=True)
class Consumption:
    """What an organization used in a month, beside what it may use."""

    period: Period
    requests: int
    tokens: int
    cost_micros: int
    currency: str
    build_minutes: int
    storage_bytes: int
    storage_weighed_at: datetime | None
    limits: Limits

    @property
    def percentage(self) -> float:
        """Return how much of the requests is used; 0 where there is no limit."""
        return _share(self.requests, self.limits.requests_per_month)

    @property
    def build_percentage(self) -> float:
        return _share(self.build_minutes, self.limits.build_minutes_per_month)

    @property
    def token_percentage(self) -> float:
        return _share(self.tokens, self.limits.tokens_per_month)

    @property
    def cost(self) -> float | None:
        """Return what the tokens cost, where somebody said what they do."""
        return self.cost_micros / _MILLION if self.currency else None

    @property
    def storage_limit_bytes(self) -> int | None:
        return None if self.limits.storage_mb is None else self.limits.storage_mb * _MEGABYTE

    @property
    def storage_percentage(self) -> float:
        return _share(self.storage_bytes, self.storage_limit_bytes)


def _share(used: int, most: int | None) -> float:
    if most is None:
        return 0.0
    return round(100 * used / most, 1) if most else 100.0


def count_usage(organization: Organization) -> Consumption:
    """Count what an organization used in this month; the features above say what each knows."""
    period = Period.current()
    counted = UsageCounted(organization.id, period)
    announce(counted)
    kept = queries.usage_of(organization.id, period.start)
    weighed = queries.last_weighed(organization.id, period)
    return Consumption(
        period=period,
        requests=counted.requests,
        tokens=kept.token_usage if kept else 0,
        cost_micros=kept.cost_micros if kept else 0,
        currency=kept.currency if kept else "",
        build_minutes=round(counted.build_seconds / 60),
        storage_bytes=weighed.storage_bytes if weighed else 0,
        storage_weighed_at=weighed.weighed_at if weighed else None,
        limits=organization.limits,
    )


def leave_room_for_one(organization: Organization, filed: int) -> None:
    """Refuse one more request where an organization has filed as many in this month as it may."""
    most = organization.requests_per_month
    if most is not None and filed >= most:
        raise _reached(
            organization, f"has asked for {filed} of {most} things this month, and more are not taken."
        )


def leave_room_for_a_build(organization: Organization) -> None:
    """Refuse one more build where an organization has built for as long in this month as it may."""
    most = organization.build_minutes_per_month
    if most is None:
        return
    counted = UsageCounted(organization.id, Period.current())
    announce(counted)
    if counted.build_seconds >= most * 60:
        used = round(counted.build_seconds / 60)
        raise _reached(
            organization, f"has used {used} of {most} build minutes this month, and nothing more is built."
        )


def leave_room_for_bytes(organization: Organization, size: int) -> None:
    """Refuse what would take more room than an organization may, and count it from here on where it fits."""
    if organization.storage_mb is None:
        return
    if queries.last_weighed(organization.id, Period.current()) is None:
        _weigh(organization)
    with transaction():
        kept = this_month(organization.id)
        weighed = queries.last_weighed(organization.id, Period.current())
        used = weighed.storage_bytes if weighed else 0
        if used + size > organization.storage_mb * _MEGABYTE:
            there = f"{used / _MEGABYTE:.1f} of {organization.storage_mb} MB"
            raise _reached(
                organization, f"keeps {there}, and {size / _MEGABYTE:.1f} MB more do not fit. Leave some out."
            )
        kept.storage_bytes, kept.weighed_at = used + size, weighed.weighed_at if weighed else now()


def _reached(organization: Organization, said: str) -> LimitReached:
    admins = [person.name for person in queries.people_with_role(organization.id, Role.ADMIN)][:_NAMED]
    return LimitReached(
        f"{organization.name} {said} "
        f"{' or '.join(admins) or 'An admin'} can raise that in the organization's settings."
    )


def weigh_files() -> int:
    """Look how much each organization's repositories and files weigh; called by the schedule."""
    found = list(session.scalars(queries.every_organization()))
    for organization in found:
        _weigh(organization)
    return len(found)


def _weigh(organization: Organization) -> None:
    weighed = FilesWeighed(organization.id)
    announce(weighed)
    with transaction():
        kept = this_month(organization.id)
        kept.storage_bytes, kept.weighed_at = weighed.bytes, now()


def this_month(organization_id: UUID) -> Usage:
    """Return what is kept of this month, begun where nothing is; others who count wait for its end."""
    queries.hold(organization_id)
    start = Period.current().start
    kept = queries.usage_of(organization_id, start)
    if kept is None:
        kept = Usage(organization_id=organization_id, period_start=start)
        session.add(kept)
        session.flush()  # what is added to it is added by a statement
    return kept
