"""Who may do what with an app: pure predicates."""

from app.accounts.models import User
from app.apps.models import App, AppVersion
from app.projects import permissions as projects
from app.projects.models import Project


def can_make_apps(user: User, project: Project) -> bool:
    return projects.can_develop(user, project)


def can_work_on(user: User, app: App) -> bool:
    """Change an app, its versions and its files, delete it and take it back."""
    return projects.can_develop(user, app.project)


def can_write_to(user: User, version: AppVersion, *, is_empty: bool = False) -> bool:
    """Save files of a version; what goes live of the project's own repository is an admin's, unless empty."""
    app = version.app
    if not can_work_on(user, app):
        return False
    is_protected = app.is_first and version.branch == app.project.default_branch and not is_empty
    return not is_protected or projects.can_push_to_default_branch(user, app.project)


def can_purge(user: User, app: App) -> bool:
    """Remove a deleted app for good."""
    return projects.can_configure(user, app.project)
