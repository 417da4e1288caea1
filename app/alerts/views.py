"""The page about what failed, for the admin of the whole installation."""

from datetime import timedelta

from flask import Blueprint, Response, request

from app.admin.permissions import can_administer_installation
from app.alerts import queries
from app.core.clock import now
from app.core.errors import NotAllowed
from app.core.paging import paginate
from app.web.guards import me
from app.web.pages import render

blueprint = Blueprint("alerts", __name__)
PAGE, LATELY = 30, timedelta(days=7)


@blueprint.get("/admin/failures")
def show_failures() -> Response:
    """Show which kinds of work failed lately, how often, and why each did."""
    if not can_administer_installation(me()):
        raise NotAllowed("Only an admin of the whole installation sees what failed in all of it.")
    kind, page = request.args.get("kind", "")[:80].replace("\0", ""), request.args.get("page", 1, type=int)
    return render(
        "alerts/failures.html",
        kind=kind,
        records=queries.records_of(queries.kinds_failed_since(now() - LATELY)),
        found=paginate(queries.failed_runs(kind), page=page, limit=PAGE),
    )
