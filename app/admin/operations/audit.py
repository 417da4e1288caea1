"""How long the audit log remembers."""

from datetime import timedelta

from sqlalchemy import delete

from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import session, transaction
from app.core.installation import installation


def forget_old_lines() -> None:
    """Take away what is older than the log shall remember; called by the schedule."""
    oldest = now() - timedelta(days=installation().audit_days)
    with transaction():
        session.execute(delete(AuditEntry).where(AuditEntry.created_at < oldest))
