"""Versions of apps: made, forked, named and given up."""

from app.accounts.models import User
from app.apps.models import App, AppVersion
from app.core.db import session, transaction


def make_default_version(app: App, branch: str, *, by: User | None) -> AppVersion:
    """Make the version that goes live, the branch of this name."""
    version = AppVersion(app=app, app_id=app.id, name=branch, branch=branch, created_by=by)
    with transaction():
        session.add(version)
        session.flush()  # its id is known from here on
        app.default_version_id = version.id
    return version
