"""What the pages about the parts of an app share."""

from typing import Any

from app.apps import queries
from app.apps.models import App
from app.apps.views.base import find_project
from app.projects.permissions import can_configure
from app.web.guards import me
from app.web.pages import load_or_404

APP = "/<organization>/<project>/apps/<prefixed('app'):app_id>"


def part(app: App, tab: str) -> dict[str, Any]:
    """Return what the frame around every part of an app shows."""
    return {"app_": app, "tab": tab, "may_configure": can_configure(me(), app.project)}


def find_app(organization: str, project: str, app_id: str) -> App:
    """Load an app of the project at an address, where the caller may see it."""
    return load_or_404(queries.app_at(find_project(organization, project), app_id))
