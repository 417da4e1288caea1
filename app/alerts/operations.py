"""Who runs the installation hears that a kind of work fails unusually often, once a day for each kind."""

from datetime import timedelta
from urllib.parse import urlencode

from app.alerts import queries
from app.alerts.unusual import Record
from app.core.clock import now
from app.core.db import transaction
from app.notifications.models import Kind
from app.notifications.operations import tell
from app.notifications.queries import was_told
from app.organizations.models import memberships_of

_LATELY = timedelta(days=1)


def watch_failures() -> int:
    """Tell the operators which kinds of work fail unusually often; returns of how many, for the schedule."""
    records = queries.records_of(queries.kinds_failed_since(now() - _LATELY))
    return sum(_tell_once_a_day(record) for record in records if record.is_unusual)


def _tell_once_a_day(record: Record) -> bool:
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    if was_told(Kind.FAILING_WORK, record.kind, since=midnight):
        return False
    with transaction():
        for operator in queries.operators():
            memberships = memberships_of(operator)
            if memberships:  # an inbox belongs to organizations
                tell(
                    [operator],
                    organization_id=memberships[0].organization_id,
                    kind=Kind.FAILING_WORK,
                    text=_in_words(record),
                    path=f"/admin/failures?{urlencode({'kind': record.kind})}",
                    subject_id=record.kind,
                )
    return True


def _in_words(record: Record) -> str:
    lately = f"{record.kind} failed {record.recent.failed} of the last {record.recent.ended} times"
    if not record.before.ended:
        return f"{lately}."
    return f"{lately}, and {record.before.failed} of the {record.before.ended} times before."
