"""How work ended lately, over the whole installation, and who is to hear of it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select

from app.accounts.models import User
from app.alerts.unusual import BEFORE, RECENT, Record, Tally
from app.core.db import session
from app.core.ledger import Run, RunState


def kinds_failed_since(moment: datetime) -> Sequence[str]:
    """Return the kinds of work of which something failed since a moment."""
    failed = select(Run.kind).where(Run.state == RunState.FAILED, Run.ended_at >= moment)
    return session.scalars(failed.distinct().order_by(Run.kind)).all()


def records_of(kinds: Collection[str]) -> list[Record]:
    """Return how kinds of work ended lately and before; what was cancelled does not count."""
    place = func.row_number().over(partition_by=Run.kind, order_by=(Run.ended_at.desc(), Run.id.desc()))
    ended = (
        select(Run.kind, Run.state, place.label("place"))
        .where(Run.kind.in_(kinds), Run.state.in_([RunState.DONE, RunState.FAILED]))
        .subquery()
    )
    is_recent, has_failed = ended.c.place <= RECENT, ended.c.state == RunState.FAILED
    query = (
        select(
            ended.c.kind,
            func.sum(case((is_recent & has_failed, 1), else_=0)),
            func.sum(case((is_recent, 1), else_=0)),
            func.sum(case((~is_recent & has_failed, 1), else_=0)),
            func.sum(case((~is_recent, 1), else_=0)),
        )
        .where(ended.c.place <= RECENT + BEFORE)
        .group_by(ended.c.kind)
        .order_by(ended.c.kind)
    )
    return [Record(row[0], Tally(row[1], row[2]), Tally(row[3], row[4])) for row in session.execute(query)]


def failed_runs(kind: str | None = None) -> Select[Run]:
    """Return the work that failed, of one kind or of all, newest first; for the operator alone."""
    query = select(Run).where(Run.state == RunState.FAILED)
    query = query.order_by(Run.ended_at.desc(), Run.id.desc())
    return query.where(Run.kind == kind) if kind else query


def operators() -> Sequence[User]:
    """Return the admins of the whole installation."""
    return session.scalars(select(User).where(User.is_admin.is_(True)).order_by(User.id)).unique().all()
