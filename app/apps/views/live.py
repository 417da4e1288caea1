"""What is live: the project's own app, its address, its deploys and their logs."""

from typing import Any

from flask import Response

from app.apps import operations, queries
from app.apps.models import Deploy, DeployStatus
from app.apps.views.base import blueprint, find_project
from app.core.errors import NotFound
from app.projects.models import Project
from app.projects.permissions import can_develop
from app.projects.queries import repository_of
from app.requests.queries import requests_merged_as
from app.web.guards import me
from app.web.log_files import answer_log
from app.web.pages import done, load_or_404, render

_ADDRESS = "/<organization>/<project>/live"
_POLL_MS = 1000


def _context(found: Project) -> dict[str, Any]:
    app = queries.first_app(found)
    deploys = queries.newest_deploys(app, most=20) if app else []
    latest = deploys[0] if deploys else None
    return {
        "project_": found,
        "app_": app,
        "deploys": deploys,
        "requests": requests_merged_as(found, [deploy.commit_sha for deploy in deploys]),
        "head": repository_of(found).head(found.default_branch),
        "latest": latest,
        "live": next((deploy for deploy in deploys if deploy.status is DeployStatus.LIVE), None)
        or (queries.live_deploy(app) if app else None),
        "run": queries.run_of(latest) if latest else None,
        "poll_ms": _POLL_MS if latest and latest.is_on_the_way else None,
        "may_deploy": can_develop(me(), found),
    }


@blueprint.get(_ADDRESS)
def show_live(organization: str, project: str) -> Response:
    """Show what is live and how it came to be; polls itself while a deploy is on its way."""
    return render(
        "apps/page.html", fragment="apps/_live.html", **_context(find_project(organization, project))
    )


@blueprint.post(_ADDRESS)
def deploy(organization: str, project: str) -> Response:
    """Put the tip of the main branch live, again if it is."""
    found = find_project(organization, project)
    operations.deploy_head(found, by=me())
    return done(f"{found.path}/live", fragment="apps/_live.html", **_context(found))


@blueprint.post(f"{_ADDRESS}/cancellation")
def cancel_deploy(organization: str, project: str) -> Response:
    """Stop the deploy that is on its way."""
    found = find_project(organization, project)
    app = queries.first_app(found)
    latest = queries.latest_deploy(app) if app else None
    if latest is None:
        raise NotFound("Nothing was ever put live here.")
    operations.cancel_deploy(latest, by=me())
    return done(f"{found.path}/live", fragment="apps/_live.html", **_context(found))


@blueprint.get(f"{_ADDRESS}/log")
def read_log(organization: str, project: str) -> Response:
    """Give the newest deploy's log as text, from a byte offset on, or whole."""
    app = queries.first_app(find_project(organization, project))
    latest = queries.latest_deploy(app) if app else None
    if latest is None:
        raise NotFound("Nothing was ever put live here, so there is no log.")
    return answer_log(latest.log_now, ended=not latest.is_on_the_way)


def _deploy(found: Project, deploy_id: str) -> Deploy:
    return load_or_404(queries.deploy_of(found, deploy_id))


@blueprint.get(f"{_ADDRESS}/deploys/<prefixed('dpl'):deploy_id>/log")
def read_deploy_log(organization: str, project: str, deploy_id: str) -> Response:
    """Give the log of one deploy, from a byte offset on, or whole."""
    one = _deploy(find_project(organization, project), deploy_id)
    return answer_log(one.log_now, ended=not one.is_on_the_way)


@blueprint.post(f"{_ADDRESS}/deploys/<prefixed('dpl'):deploy_id>/return")
def put_back(organization: str, project: str, deploy_id: str) -> Response:
    """Put a commit live again that was live before."""
    found = find_project(organization, project)
    operations.put_back(_deploy(found, deploy_id), by=me())
    return done(f"{found.path}/live", fragment="apps/_live.html", **_context(found))
