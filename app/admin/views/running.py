"""What runs now."""

from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.admin import operations
from app.admin.panel.running import running
from app.admin.queries.running import run_overseen_by
from app.admin.views.base import blueprint, must_administer
from app.web.guards import me
from app.web.pages import done, load_or_404, render


@blueprint.get("/admin/running")
def show_running() -> Response:
    """Show instances, work and disk; the page looks again by itself while anything runs."""
    must_administer()
    return render("admin/running.html", fragment="admin/_running.html", panel=running())


@blueprint.post("/admin/running/<uuid:run_id>/cancellation")
def cancel_run(run_id: UUID) -> Response:
    """Ask a run to stop."""
    operations.cancel_run(load_or_404(run_overseen_by(me(), run_id)), by=me())
    flash(_("It was asked to stop. It is over once its processes are gone."), "success")
    return done("/admin/running")
