"""What is live of an app and how it came to be: put a build live, stop, go back."""

from typing import Any

from flask import Response

from app.apps import operations, queries
from app.apps.models import App, Build
from app.apps.schemas.deploys import DeployWish
from app.apps.views.base import blueprint
from app.apps.views.parts import APP, find_app, part
from app.core.errors import NotFound
from app.core.paging import paginate
from app.projects.permissions import can_develop
from app.web.guards import me
from app.web.log_files import answer_log
from app.web.pages import asked, done, load_or_404, page_number, render, turning
from app.web.schemas import Form, read

_POLL_MS = 1000
_ON_A_PAGE = 20


@blueprint.get(f"{APP}/deploys")
def show_deploys(organization: str, project: str, app_id: str) -> Response:
    """Show what is live and what was; polls itself while a deploy is on its way."""
    app = find_app(organization, project, app_id)
    return render("apps/deploys.html", fragment="apps/_deploys.html", **_context(app))


def _context(app: App) -> dict[str, Any]:
    latest = queries.latest_deploy(app)
    return part(app, "deploys") | {
        "deploys": paginate(queries.deploys_of(app), page=page_number(), limit=_ON_A_PAGE),
        "live": queries.live_deploy(app),
        "latest": latest,
        "run": queries.run_of(latest) if latest else None,
        "ready": queries.latest_good_build(app),
        "may_deploy": can_develop(me(), app.project),
        "poll_ms": _POLL_MS if latest and latest.is_on_the_way else None,
        "turn": turning(f"{app.path}/deploys"),
    }


@blueprint.post(f"{APP}/deploys")
def put_build_live(organization: str, project: str, app_id: str) -> Response:
    """Put a build live; without one, the latest of the default version that completed."""
    app = find_app(organization, project, app_id)
    number = Form(DeployWish).valid.build
    if number is None:
        operations.deploy_latest(app, by=me())
    else:
        operations.deploy_build(_build(app, number), by=me())
    return done(f"{app.path}/deploys", fragment="apps/_deploys.html", **_context(app))


@blueprint.post(f"{APP}/deploys/cancellation")
def cancel_app_deploy(organization: str, project: str, app_id: str) -> Response:
    """Stop the deploy that is on its way."""
    app = find_app(organization, project, app_id)
    latest = queries.latest_deploy(app)
    if latest is None:
        raise NotFound("Nothing was ever put live here.")
    operations.cancel_deploy(latest, by=me())
    return done(f"{app.path}/deploys", fragment="apps/_deploys.html", **_context(app))


@blueprint.get(f"{APP}/deploys/<prefixed('dpl'):deploy_id>/log")
def read_app_deploy_log(organization: str, project: str, app_id: str, deploy_id: str) -> Response:
    """Give the log of a deploy, that of its build while that is made."""
    app = find_app(organization, project, app_id)
    deploy = load_or_404(queries.deploy_in(app, deploy_id))
    return answer_log(deploy.log_now, ended=not deploy.is_on_the_way)


@blueprint.get(f"{APP}/rollback")
def show_rollback(organization: str, project: str, app_id: str) -> Response:
    """Say what would change, and ask."""
    app = find_app(organization, project, app_id)
    number = read(DeployWish, asked(), place="query").build
    build = _build(app, number) if number is not None else operations.build_before(app)
    changes = operations.what_changes(app, build)
    return render("apps/rollback.html", **part(app, "deploys"), changes=changes)


@blueprint.post(f"{APP}/rollback")
def roll_back(organization: str, project: str, app_id: str) -> Response:
    """Put an earlier build live again."""
    app = find_app(organization, project, app_id)
    number = Form(DeployWish).valid.build
    operations.roll_back(app, by=me(), build=_build(app, number) if number is not None else None)
    return done(f"{app.path}/deploys")


def _build(app: App, number: int) -> Build:
    return load_or_404(queries.build_numbered(app, number))
