"""Which merged requests what is live holds, so that each says truly how far it is."""

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, Deploy, DeployStatus
from app.core.db import session, transaction
from app.core.errors import NotFound
from app.engine.repositories import Repository
from app.projects.models import Project
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import Delivery, ProductRequest, WorkflowAction
from app.requests.queries import live_requests_merged_as, merged_requests_not_live

_LOOKED_BACK = 10_000


def follow_request(request: ProductRequest, action: WorkflowAction) -> None:
    """Hear that a request was merged: say at once whether anything takes it on from there."""
    if action is WorkflowAction.MERGE:
        _settle(request)


def settle_deliveries(project: Project) -> None:
    """Say of every merged request that is not live how far it is now."""
    for request in merged_requests_not_live(project):
        _settle(request)


def take_off_what_is_missing(deploy: Deploy, before: Deploy | None) -> None:
    """Say of what was live until now, and is not in what is live from now on, that it no longer is."""
    repository = repository_of(deploy.app.project)
    if before is None or before.commit_sha == deploy.commit_sha:
        return
    try:
        missing = repository.log(before.commit_sha, limit=_LOOKED_BACK, since=deploy.commit_sha)
    except NotFound:  # what was live before was pushed away
        return
    by = session.get(User, deploy.started_by_id) if deploy.started_by_id else None
    for request in live_requests_merged_as(deploy.app.project, [commit.sha for commit in missing]):
        requests.note_held(request, by=by)


def _settle(request: ProductRequest) -> None:
    far, deploy = how_far(request)
    with transaction():
        if far is Delivery.LIVE and deploy is not None and deploy.live_at is not None:
            requests.note_live(request, at=deploy.live_at, url=deploy.app.url)
        elif far is Delivery.UNDER_WAY:
            requests.note_under_way(request)
        elif far is Delivery.FAILED and deploy is not None:
            requests.note_failed(request, reason=deploy.error_message or "It did not work.")
        else:
            requests.note_held(request)


def how_far(request: ProductRequest) -> tuple[Delivery, Deploy | None]:
    """Return how far a merged request is, by looking at the deploys that hold its commit."""
    app = queries.first_app(request.project)
    if app is None or request.merged_commit is None:
        return Delivery.HELD, None
    repository = repository_of(request.project)
    for far, deploy in _candidates(app):
        if _holds(repository, deploy, request.merged_commit):
            return far, deploy
    return Delivery.HELD, None


def _candidates(app: App) -> list[tuple[Delivery, Deploy]]:
    live, latest = queries.live_deploy(app), queries.latest_deploy(app)
    found = [(Delivery.LIVE, live)] if live is not None else []
    found += [(Delivery.UNDER_WAY, deploy) for deploy in queries.deploys_on_the_way(app)]
    if latest is not None and latest.status is DeployStatus.FAILED:
        found.append((Delivery.FAILED, latest))
    return found


def _holds(repository: Repository, deploy: Deploy, commit: str) -> bool:
    try:
        return repository.has(deploy.commit_sha, commit)
    except NotFound:  # one of the two was pushed away
        return False
