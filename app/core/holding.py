"""A record held still while it is changed: read anew, and written by nobody else until that is done."""

from collections.abc import Collection

from app.core.db import Base, session
from app.core.errors import Stale


def hold(record: Base) -> None:
    """Read a record as it stands now, so that what the system noted on it meanwhile is in nobody's way.

    Inside a transaction: SQLite has one writer anyway, Postgres locks the row.
    """
    session.flush()  # what was changed on it so far is written, not forgotten
    session.refresh(record, with_for_update={"of": type(record)})


def hold_unchanged(record: Base, names: Collection[str]) -> None:
    """Hold a record, unless somebody else changed one of these attributes since it was loaded."""
    seen = {name: getattr(record, name) for name in names}
    hold(record)
    if any(getattr(record, name) != value for name, value in seen.items()):
        raise Stale("Somebody else changed this a moment ago. Look at it again, then repeat what you did.")
