"""The first page of the administration: how the installation is, and how it does."""

from flask import Response

from app.admin.panel.overview import overview
from app.admin.views.base import blueprint, must_administer
from app.web.pages import render


@blueprint.get("/admin")
def show_overview() -> Response:
    """Show figures, health and settings."""
    must_administer()
    return render("admin/overview.html", panel=overview())
