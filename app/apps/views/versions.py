"""The versions of an app: listed, forked, named, compared, given up and taken back."""

from typing import Any

from flask import Response, current_app, request

from app.apps import operations, permissions, queries
from app.apps.models import App, AppVersion
from app.apps.schemas.forms import Fork
from app.apps.schemas.versions import VersionChange
from app.apps.views.base import blueprint
from app.apps.views.parts import APP, find_app, part
from app.engine.archives import pack
from app.web.guards import me, works_at_rest
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form

_VERSION = f"{APP}/versions/<prefixed('appver'):version_id>"


def _find(organization: str, project: str, app_id: str, version_id: str) -> AppVersion:
    app = find_app(organization, project, app_id)
    return load_or_404(queries.version_at(app, version_id))


@blueprint.get(f"{APP}/versions")
def show_versions(organization: str, project: str, app_id: str) -> Response:
    """List the versions of an app, with a form to begin another one."""
    return render("apps/versions.html", **_listed(find_app(organization, project, app_id)))


def _listed(app: App, form: Form[Fork] | None = None) -> dict[str, Any]:
    return part(app, "versions") | {
        "form": form,
        "versions": queries.versions_of(app),
        "deleted": queries.versions_of(app, deleted=True),
        "may_work": permissions.can_work_on(me(), app),
    }


@blueprint.post(f"{APP}/versions")
def fork_version(organization: str, project: str, app_id: str) -> Response:
    """Begin a version with the files of another one, as they are or were."""
    app, form = find_app(organization, project, app_id), Form(Fork)
    made = form.submit(lambda sent: _fork(app, sent))
    if made is None:
        return render("apps/versions.html", status=422, **_listed(app, form))
    return done(made.path)


def _fork(app: App, sent: Fork) -> AppVersion:
    parent = load_or_404(queries.version_at(app, sent.parent_id)) if sent.parent_id else None
    return operations.fork_version(app, by=me(), name=sent.name, parent=parent, commit=sent.commit)


@blueprint.get(_VERSION)
def show_version(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Show what was saved in a version, and how it differs from another one."""
    return _show(_find(organization, project, app_id, version_id))


def _show(version: AppVersion, form: Form[VersionChange] | None = None, *, status: int = 200) -> Response:
    wanted = request.args.get("with") or version.parent_id
    other = load_or_404(queries.version_at(version.app, wanted)) if wanted else None
    is_empty = queries.tip_of(version) is None
    return render(
        "apps/version.html",
        status=status,
        **part(version.app, "versions"),
        version=version,
        form=form,
        versions=[each for each in queries.versions_of(version.app) if each is not version],
        commits=queries.commits_of(version),
        other=other,
        diff=queries.changes_between(other, version) if other is not None and not is_empty else None,
        may_work=permissions.can_work_on(me(), version.app),
    )


@blueprint.post(f"{_VERSION}/name")
def name_version(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Call a version something else."""
    version, form = _find(organization, project, app_id, version_id), Form(VersionChange)
    form.submit(lambda sent: operations.name_version(version, by=me(), name=sent.name))
    return _show(version, form, status=422) if form.errors else done(version.path)


@blueprint.get(f"{_VERSION}/archive")
def download_version(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Give all files of a version as a zip."""
    version = _find(organization, project, app_id, version_id)
    answer = current_app.response_class(pack(queries.contents_of(version)), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{version.app.handle}.zip")
    return answer


@blueprint.post(f"{_VERSION}/deletion")
@works_at_rest
def delete_version(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Delete a version so that it can be taken back."""
    version = _find(organization, project, app_id, version_id)
    operations.delete_version(version, by=me())
    return done(f"{version.app.path}/versions")


@blueprint.post(f"{_VERSION}/restoration")
@works_at_rest
def restore_version(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Take a deleted version back."""
    version = _find(organization, project, app_id, version_id)
    operations.restore_version(version, by=me())
    return done(version.path)


@blueprint.post(f"{_VERSION}/removal")
@works_at_rest
def purge_version(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Remove a deleted version for good."""
    version = _find(organization, project, app_id, version_id)
    path = f"{version.app.path}/versions"
    operations.purge_version(version, by=me())
    return done(path)
