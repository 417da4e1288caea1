"""Apps themselves: made, changed, deleted, taken back, and purged once their time is over."""

import shutil
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.accounts.models import User
from app.apps import queries
from app.apps.events import AppDeleted
from app.apps.models import App, RetentionTier
from app.apps.operations.versions import lead_clones_to_default, make_default_version
from app.apps.permissions import can_make_apps, can_purge, can_work_on
from app.core import audit
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.events import announce
from app.core.ids import prefixed
from app.core.installation import installation
from app.core.slugs import slugify
from app.engine import routes, starters
from app.engine.repositories import Repository
from app.projects.models import Project, Starter
from app.projects.operations.projects import signature_of
from app.projects.queries import label_is_free, repository_of

MOST_APPS = 100
_YOUNG_SECONDS = 3600
_BRANCH = "main"
DEFAULT_TIER = RetentionTier.MEDIUM


def create_app(
    project: Project,
    *,
    by: User,
    name: str,
    description: str = "",
    handle: str | None = None,
    is_public: bool = False,
    starter: Starter = Starter.EMPTY,
    from_repository: bool = False,
    files: Mapping[str, bytes] | None = None,
    api_key_id: UUID | None = None,
) -> App:
    """Make an app with a repository of its own: empty, from a starter, from files, or from the project's."""
    if not can_make_apps(by, project):
        raise NotAllowed("Only developers and admins make apps.")
    if len(queries.apps_of(project)) >= MOST_APPS:
        raise Conflict(f"A project has at most {MOST_APPS} apps. Purge one that is deleted.")
    app = App(
        id=prefixed("app"),
        project=project,
        project_id=project.id,
        name=name.strip(),
        description=description.strip(),
        handle=_free_handle(handle, name),
        is_public=is_public,
        config={},
        created_by=by,
        api_key_id=api_key_id,
    )
    try:
        if from_repository:
            _take_over(app, project)
        else:
            _begin(app, dict(files) if files else starters.files(starter.value, name=name), by=by)
        with transaction():
            session.add(app)
            session.flush()  # its version refers to it
            make_default_version(app, _BRANCH, by=by)
            _log(app, "app.made", by=by)
    except BaseException:
        shutil.rmtree(app.repository_path, ignore_errors=True)
        raise
    return app


def _take_over(app: App, project: Project) -> None:
    """Give an app the history that the project's main branch has now."""
    source, branch = repository_of(project), project.default_branch
    if source.head(branch) is None:
        raise Conflict(f"There is nothing on {branch} yet. Push to it first, or begin otherwise.")
    Repository.create_from(app.repository_path, source, of=branch, branch=_BRANCH)


def _begin(app: App, files: dict[str, bytes], *, by: User) -> None:
    repository = Repository.create(app.repository_path, default_branch=_BRANCH)
    if files:
        repository.commit_files(_BRANCH, files, message=f"Start {app.name}", author=signature_of(by))


def edit_app(
    app: App,
    *,
    by: User,
    name: str | None = None,
    description: str | None = None,
    handle: str | None = None,
    is_public: bool | None = None,
    default_version_id: str | None = None,
    config: Mapping[str, Any] | None = None,
) -> None:
    """Change an app; what is None stays."""
    _may_work_on(by, app)
    before = _said_of(app)
    with transaction():
        if name is not None:
            app.name = name.strip() or app.name
        if description is not None:
            app.description = description.strip()
        if handle is not None and handle != app.handle:
            _rename_address(app, handle)
        if is_public is not None:
            _open_to(app, is_public=is_public)
        if default_version_id is not None:
            _make_default(app, default_version_id)
        if config is not None:
            app.config = dict(config)
        changes = sorted(name for name, value in _said_of(app).items() if before[name] != value)
        if changes:
            _log(app, "app.changed", by=by, detail=", ".join(changes))
    if default_version_id is not None:
        lead_clones_to_default(app)


def _said_of(app: App) -> dict[str, object]:
    return {
        "name": app.name,
        "description": app.description,
        "handle": app.handle,
        "who sees it": app.is_public,
        "default version": app.default_version_id,
        "config": app.config,
    }


def _make_default(app: App, version_id: str) -> None:
    version = next((each for each in queries.versions_of(app) if each.id == version_id), None)
    if version is None:
        raise Invalid.field("defaultVersionId", "This is no version of this app.")
    if app.is_first and version.branch != app.project.default_branch:
        raise Conflict(
            f"What goes live of this app is {app.project.default_branch}, by way of requests and reviews. "
            "Make an app of its own to put another version live."
        )
    app.default_version_id = version.id


def _open_to(app: App, *, is_public: bool) -> None:
    """Settle who sees an app, at once at every address that it has."""
    app.is_public = is_public
    for label in [app.handle, *(domain.hostname for domain in queries.active_domains(app))]:
        routes.open_to(label, app.access)


def _rename_address(app: App, handle: str) -> None:
    if app.live_deploy_id is not None:
        raise Conflict(
            "This app is live at its address. Take it off first, then give it another one.", code="live"
        )
    routes.remove(app.handle)
    app.handle = _free_handle(handle, app.name)


def _free_handle(wanted: str | None, name: str) -> str:
    if wanted is None:
        handle = routes.made_fit(slugify(name, fallback="app"), by="app")
        return handle if _is_free(handle) else f"{handle}-{prefixed('h')[-5:]}"
    trouble = routes.why_unfit(wanted)
    if trouble is not None:
        raise Invalid.field("handle", trouble)
    if not _is_free(wanted):
        raise Conflict(f"The handle {wanted} is taken. Choose another one.", code="handle_taken")
    return wanted


def _is_free(handle: str) -> bool:
    return queries.handle_is_free(handle) and label_is_free(handle)


def delete_app(app: App, *, by: User) -> None:
    """Delete an app so that it can be taken back: for how long is settled now, by what it is set to."""
    _may_work_on(by, app)
    if app.is_first:
        raise Conflict(
            "This app is the project's own repository and goes with the project.", code="first_app"
        )
    with transaction():
        if app.is_deleted:
            return
        app.deleted_at = now()
        app.retention_tier = RetentionTier(app.config.get("retentionTier", DEFAULT_TIER))
        app.purge_at = app.deleted_at + app.retention_tier.time if app.retention_tier.time else None
        announce(AppDeleted(app, by))
        _log(app, "app.deleted", by=by)


def restore_app(app: App, *, by: User) -> None:
    """Take a deleted app back, as it was; it is not live until it is deployed again."""
    _may_work_on(by, app)
    with transaction():
        if app.is_deleted:
            app.deleted_at = app.purge_at = app.retention_tier = None
            _log(app, "app.restored", by=by)


def purge_app(app: App, *, by: User | None) -> None:
    """Remove a deleted app for good, with its repository and all versions; there is no way back."""
    if by is not None and not can_purge(by, app):
        raise NotAllowed("Only an admin of the organization removes an app for good.")
    if not app.is_deleted:
        raise Conflict(
            f"{app.name} is not deleted. Delete it first; it can be taken back until it is purged."
        )
    path, handle = app.repository_path, app.handle
    with transaction():
        _log(app, "app.purged", by=by)
        routes.remove(handle)
        session.delete(app)
    shutil.rmtree(path, ignore_errors=True)


def purge_what_is_over() -> int:
    """Remove deleted apps whose time is over, and repositories whose app is gone; called by the schedule."""
    over = queries.apps_to_purge()
    for app in over:
        purge_app(app, by=None)
    for folder in installation().repositories.glob("app_*.git"):
        is_young = time.time() - folder.stat().st_mtime < _YOUNG_SECONDS  # its row may come a moment later
        if not is_young and session.get(App, folder.stem) is None:
            shutil.rmtree(folder, ignore_errors=True)
    return len(over)


def _may_work_on(by: User, app: App) -> None:
    if not can_work_on(by, app):
        raise NotAllowed("Only developers and admins change an app.")


def _log(app: App, act: str, *, by: User | None, detail: str = "") -> None:
    audit.record(
        act,
        by=by,
        subject=app.name,
        subject_id=app.id,
        organization_id=app.project.organization_id,
        detail=detail,
    )
