"""The builds of an app: start one, watch it, read its log, stop it."""

from typing import Any

from flask import Response

from app.apps import operations, queries
from app.apps.models import App, Build
from app.apps.schemas.builds import NewBuild
from app.apps.views.base import blueprint
from app.apps.views.parts import APP, find_app, part
from app.core.paging import paginate
from app.projects.permissions import can_develop
from app.web.guards import me
from app.web.log_files import answer_log
from app.web.pages import done, load_or_404, page_number, render, turning
from app.web.schemas import Form

_BUILD = f"{APP}/builds/<int:build_number>"
_POLL_MS = 1000
_ON_A_PAGE = 20


@blueprint.get(f"{APP}/builds")
def show_builds(organization: str, project: str, app_id: str) -> Response:
    """List the builds of an app, newest first; polls itself while something is built."""
    app = find_app(organization, project, app_id)
    return render("apps/builds.html", fragment="apps/_builds.html", **_listed(app))


def _listed(app: App) -> dict[str, Any]:
    builds = paginate(queries.builds_of(app), page=page_number(), limit=_ON_A_PAGE)
    return part(app, "builds") | {
        "builds": builds,
        "versions": queries.versions_of(app),
        "may_build": can_develop(me(), app.project),
        "poll_ms": _POLL_MS if any(build.is_on_the_way for build in builds.items) else None,
        "turn": turning(f"{app.path}/builds"),
    }


@blueprint.post(f"{APP}/builds")
def start_build(organization: str, project: str, app_id: str) -> Response:
    """Build the newest commit of a version, and go where it can be watched."""
    app = find_app(organization, project, app_id)
    wanted = Form(NewBuild).valid.app_version_id
    build = operations.start_build(load_or_404(queries.version_at(app, wanted)), by=me())
    return done(f"{app.path}/builds/{build.number}")


@blueprint.get(_BUILD)
def show_build(organization: str, project: str, app_id: str, build_number: int) -> Response:
    """Show a build with its log; polls itself while it is made."""
    build = _find(organization, project, app_id, build_number)
    return render("apps/build.html", fragment="apps/_build.html", **_context(build))


def _context(build: Build) -> dict[str, Any]:
    live = queries.live_deploy(build.app)
    return part(build.app, "builds") | {
        "build": build,
        "is_live": live is not None and live.build_id == build.id,
        "run": queries.run_of_build(build),
        "may_build": can_develop(me(), build.app.project),
        "poll_ms": _POLL_MS if build.is_on_the_way else None,
    }


@blueprint.post(f"{_BUILD}/cancellation")
def cancel_build(organization: str, project: str, app_id: str, build_number: int) -> Response:
    """Stop a build."""
    build = _find(organization, project, app_id, build_number)
    operations.cancel_build(build, by=me())
    return done(f"{build.app.path}/builds/{build_number}", fragment="apps/_build.html", **_context(build))


@blueprint.get(f"{_BUILD}/log")
def read_build_log(organization: str, project: str, app_id: str, build_number: int) -> Response:
    """Give the log of a build, from a byte offset on, or whole."""
    build = _find(organization, project, app_id, build_number)
    return answer_log(build.log_path, ended=not build.is_on_the_way)


def _find(organization: str, project: str, app_id: str, number: int) -> Build:
    return load_or_404(queries.build_numbered(find_app(organization, project, app_id), number))
