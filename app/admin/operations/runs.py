"""Work that is in progress, stopped by whoever runs the installation."""

from app.accounts.models import User
from app.admin.permissions import can_administer_installation
from app.core import audit, ledger
from app.core.db import transaction
from app.core.errors import Conflict, NotAllowed
from app.core.ledger import Run


def cancel_run(run: Run, *, by: User) -> None:
    """Ask a run to stop; what it was for says so, and can be begun again."""
    if not can_administer_installation(by):
        raise NotAllowed("Only an admin of the installation stops what runs here.")
    with transaction():
        if not run.is_open:
            raise Conflict("This has ended already, so there is nothing to stop.")
        ledger.cancel(run)
        audit.record("run.cancelled", by=by, subject=run.kind, subject_id=run.id)
