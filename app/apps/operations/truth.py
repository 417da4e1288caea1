"""Where builds, deploys and the rest of the world differ."""

from collections.abc import Iterator
from uuid import UUID

from app.apps import queries
from app.apps.models import Deploy, DeployStatus
from app.apps.operations.delivery import how_far
from app.apps.operations.deploys import place_of
from app.apps.operations.first_app import is_behind
from app.apps.operations.following import session_disagreements
from app.apps.operations.pushes import lost_unheard
from app.core.db import session
from app.core.ledger import Run
from app.engine import serving
from app.requests.queries import merged_requests_not_live


def disagreements() -> list[str]:
    """Say where builds, deploys and the rest of the world differ."""
    found = [f"Deploy {deploy.id} {line}" for deploy in queries.unended() for line in _differences(deploy)]
    found += [
        f"Build {build.id} is {build.status}, but nothing works on it."
        for build in queries.every_unended_build()
        if not _is_worked_on(build.run_id)
    ]
    for app in queries.apps_in_use():
        live = [
            deploy.id for deploy in queries.unended() if deploy.app_id == app.id and not deploy.is_on_the_way
        ]
        if live != [each for each in [app.live_deploy_id] if each]:
            found.append(
                f"App {app.id} says that {app.live_deploy_id} is live, but that is {live or 'nothing'}."
            )
        if is_behind(app):
            found.append(f"App {app.id} was never told of what is on {app.project.default_branch}.")
    found += [
        f"Request {request.id} says that it is {request.delivery}, but it is {far}."
        for request in merged_requests_not_live()
        if (far := how_far(request)[0]) is not request.delivery
    ]
    found += [
        f"Version {version.id} says that its files are there, but its branch {version.branch} is not."
        for version in lost_unheard()
    ]
    return [*found, *session_disagreements()]


def _is_worked_on(run_id: UUID | None) -> bool:
    run = session.get(Run, run_id, populate_existing=True) if run_id else None
    return run is not None and run.is_open


def _differences(deploy: Deploy) -> Iterator[str]:
    if deploy.is_on_the_way and not _is_worked_on(deploy.run_id):
        yield f"is {deploy.status}, but nothing works on it."
    if deploy.status is DeployStatus.LIVE:
        has_process = (deploy.plan or {}).get("run") is not None
        yield from serving.differences(place_of(deploy), has_process=has_process)
