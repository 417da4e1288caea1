"""The apps of a project: listed, made, set up, deleted, taken back and removed."""

from typing import Any

from flask import Response, redirect
from werkzeug.wrappers import Response as Redirect

from app.apps import operations, permissions, queries
from app.apps.models import App, RetentionTier
from app.apps.operations.apps import DEFAULT_TIER
from app.apps.schemas.forms import AppForm, AppSettings, Beginning
from app.apps.views.base import blueprint, find_project
from app.apps.views.parts import APP, find_app, part
from app.core.errors import Invalid, NotAllowed
from app.engine.archives import unpack
from app.projects.models import Project
from app.web.guards import me, takes_files, works_at_rest
from app.web.pages import done, render
from app.web.schemas import Form
from app.web.uploads import one_upload

_APPS = "/<organization>/<project>/apps"


@blueprint.get(_APPS)
def show_apps(organization: str, project: str) -> Response:
    """List a project's apps; those that are deleted stand below."""
    found = find_project(organization, project)
    apps = queries.apps_of(found)
    return render(
        "apps/list.html",
        project_=found,
        apps=[app for app in apps if not app.is_deleted],
        deleted=[app for app in apps if app.is_deleted],
        may_make=permissions.can_make_apps(me(), found),
    )


@blueprint.get(f"{_APPS}/new")
def new_app(organization: str, project: str) -> Response:
    """Ask what the new app is called and begins with."""
    found = find_project(organization, project)
    if not permissions.can_make_apps(me(), found):
        raise NotAllowed("Only developers and admins make apps.")
    return _show_new(found)


@blueprint.post(f"{_APPS}/new")
@takes_files
def create_app(organization: str, project: str) -> Response:
    """Make an app and go to its versions."""
    found, form = find_project(organization, project), Form(AppForm)
    made = form.submit(lambda sent: _create(found, sent))
    return _show_new(found, form, status=422) if made is None else done(f"{made.path}/versions")


def _create(project: Project, sent: AppForm) -> App:
    files = None
    if sent.beginning is Beginning.UPLOAD:
        archive = one_upload("archive")
        if archive is None:
            raise Invalid.field("archive", "Choose a zip or tar.", type="missing")
        files = unpack(archive.stream)
    return operations.create_app(project, by=me(), files=files, **sent.what())


def _show_new(project: Project, form: Form[AppForm] | None = None, *, status: int = 200) -> Response:
    return render("apps/new.html", project_=project, form=form, status=status)


@blueprint.get(APP)
def open_app(organization: str, project: str, app_id: str) -> Redirect:
    """Bring somebody who opens an app to its versions."""
    return redirect(f"{find_app(organization, project, app_id).path}/versions")


@blueprint.get(f"{APP}/settings")
def show_settings(organization: str, project: str, app_id: str) -> Response:
    """Show what an app is called, who sees it, how it is built, and how it is deleted."""
    return render("apps/settings.html", **_settings(find_app(organization, project, app_id)))


def _settings(app: App, form: Form[AppSettings] | None = None) -> dict[str, Any]:
    return part(app, "settings") | {
        "form": form,
        "versions": queries.versions_of(app),
        "tiers": list(RetentionTier),
        "tier": app.config.get("retentionTier", DEFAULT_TIER),
        "may_work": permissions.can_work_on(me(), app),
        "may_purge": permissions.can_purge(me(), app),
    }


@blueprint.post(f"{APP}/settings")
def save_settings(organization: str, project: str, app_id: str) -> Response:
    """Change an app's settings."""
    app, form = find_app(organization, project, app_id), Form(AppSettings)
    form.submit(lambda sent: operations.edit_app(app, by=me(), **sent.what(app)))
    if form.errors:
        return render("apps/settings.html", status=422, **_settings(app, form))
    return done(f"{app.path}/settings")


@blueprint.post(f"{APP}/deletion")
@works_at_rest
def delete_app(organization: str, project: str, app_id: str) -> Response:
    """Delete an app so that it can be taken back."""
    app = find_app(organization, project, app_id)
    operations.delete_app(app, by=me())
    return done(f"{app.project.path}/apps")


@blueprint.post(f"{APP}/restoration")
@works_at_rest
def restore_app(organization: str, project: str, app_id: str) -> Response:
    """Take a deleted app back."""
    app = find_app(organization, project, app_id)
    operations.restore_app(app, by=me())
    return done(f"{app.path}/versions")


@blueprint.post(f"{APP}/removal")
@works_at_rest
def purge_app(organization: str, project: str, app_id: str) -> Response:
    """Remove a deleted app for good."""
    app = find_app(organization, project, app_id)
    path = f"{app.project.path}/apps"
    operations.purge_app(app, by=me())
    return done(path)
