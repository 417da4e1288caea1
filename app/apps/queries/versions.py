"""Reads of versions."""

from app.apps.models import App, AppVersion
from app.core.db import session


def default_version(app: App) -> AppVersion | None:
    """Return the version that goes live."""
    return session.get(AppVersion, app.default_version_id) if app.default_version_id else None
