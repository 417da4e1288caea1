"""What the endpoints of apps share."""

import functools

from flask import Blueprint

from app.apps import queries
from app.apps.models import App, AppVersion
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("apps_api", __name__)
declare = functools.partial(endpoint, blueprint, family="apps", enveloped=False)


def find_app(app_id: str) -> App:
    """Load an app that the caller may see."""
    return load_or_404(queries.app_visible_to(me(), app_id))


def find_version(version_id: str) -> AppVersion:
    """Load a version that the caller may see."""
    return load_or_404(queries.version_visible_to(me(), version_id))
