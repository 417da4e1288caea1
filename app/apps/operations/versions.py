"""Versions of apps: made, forked, named, given up and taken back."""

from app.accounts.models import User
from app.apps import queries
from app.apps.events import VersionDeleted
from app.apps.models import App, AppVersion
from app.apps.models.version import BRANCHES
from app.apps.permissions import can_work_on
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.events import announce
from app.core.ids import prefixed
from app.core.slugs import slugify

MOST_VERSIONS = 200


def make_default_version(app: App, branch: str, *, by: User | None) -> AppVersion:
    """Make the version that goes live, the branch of this name."""
    version = AppVersion(app=app, app_id=app.id, name=branch, branch=branch, created_by=by)
    with transaction():
        session.add(version)
        session.flush()  # its id is known from here on
        app.default_version_id = version.id
    return version


def lead_clones_to_default(app: App) -> None:
    """Let a clone of an app's own repository begin with the version that goes live."""
    version, repository = queries.default_version(app), queries.repository_of_app(app)
    if version is not None and not app.is_first and repository.default_branch != version.branch:
        repository.make_default(version.branch)


def fork_version(
    app: App,
    *,
    by: User,
    name: str | None = None,
    parent: AppVersion | None = None,
    commit: str | None = None,
) -> AppVersion:
    """Begin a version with the files of another, as they are or as they were at one of its commits."""
    _may_work_on(by, app)
    parent = parent or queries.default_version(app)
    if parent is None or parent.app_id != app.id:
        raise Invalid.field("parentId", "Name a version of the same app to begin with.")
    if parent.is_deleted:
        raise Conflict(f"{parent.name} is deleted. Take it back first, or begin with another version.")
    if len(queries.versions_of(app)) >= MOST_VERSIONS:
        raise Conflict(f"An app has at most {MOST_VERSIONS} versions. Delete one that nobody needs.")
    start = _start(parent, commit)
    version_id = prefixed("appver")
    name = (name or "").strip() or f"{parent.name} copy"[:120]
    branch = f"{BRANCHES}{slugify(name, fallback='version')}-{version_id[-6:]}"
    queries.repository_of_app(app).create_branch(branch, start)
    version = AppVersion(
        id=version_id,
        app=app,
        app_id=app.id,
        name=name,
        branch=branch,
        parent=parent,
        created_by=by,
    )
    with transaction():
        session.add(version)
    return version


def _start(parent: AppVersion, commit: str | None) -> str:
    repository, tip = queries.repository_of_app(parent.app), queries.tip_of(parent)
    if tip is None:
        raise Conflict(f"There is nothing in {parent.name} yet. Save or push something to it first.")
    if commit is None:
        return tip
    try:
        sha = repository.resolve(commit)
    except NotFound:
        sha = ""
    if not sha or not repository.has(tip, sha):
        raise Invalid.field("commit", f"{commit[:40]!r} is no commit of {parent.name}.")
    return sha


def name_version(version: AppVersion, *, by: User, name: str) -> None:
    """Call a version something else; its branch stays, so that no clone breaks."""
    _may_work_on(by, version.app)
    with transaction():
        version.name = name


def delete_version(version: AppVersion, *, by: User) -> None:
    """Give a version up; its files stay in the repository until it is purged."""
    _may_work_on(by, version.app)
    if version.is_default:
        raise Conflict(f"{version.name} is what goes live. Make another version the default one first.")
    with transaction():
        if version.deleted_at is None:
            version.deleted_at = now()
            announce(VersionDeleted(version))


def restore_version(version: AppVersion, *, by: User) -> None:
    """Take a version back that was deleted."""
    _may_work_on(by, version.app)
    if version.app.is_deleted:
        raise Conflict(f"{version.app.name} is deleted. Take the app back first.")
    with transaction():
        version.deleted_at = None


def purge_version(version: AppVersion, *, by: User) -> None:
    """Remove a deleted version for good, with its branch."""
    _may_work_on(by, version.app)
    if not version.is_deleted:
        raise Conflict(
            f"{version.name} is not deleted. Delete it first; it can be taken back until it is purged."
        )
    lead_clones_to_default(version.app)
    queries.repository_of_app(version.app).delete_branch(version.branch)
    with transaction():
        session.delete(version)


def _may_work_on(by: User, app: App) -> None:
    if not can_work_on(by, app):
        raise NotAllowed("Only developers and admins change the versions of an app.")
