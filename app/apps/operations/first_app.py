"""A project's first app: its own repository, whose main branch is what is live."""

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, Deploy, DeployStatus
from app.apps.operations.delivery import settle_deliveries
from app.apps.operations.deploys import begin, end_as, stop
from app.apps.operations.versions import make_default_version
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed, NotFound
from app.engine import routes
from app.projects.models import Project
from app.projects.permissions import can_develop
from app.projects.queries import repository_of


def make_first_app(project: Project) -> App:
    """Make the app that is a project's own repository, and put live what is in it already."""
    app = App(project=project, project_id=project.id, name=project.name, handle=project.host_label)
    with transaction():
        session.add(app)
        session.flush()  # its deploys refer to it
        project.app_id = app.id
        make_default_version(app, project.default_branch, by=None)
    deploy_head(project, by=None)
    return app


def follow_branch(project: Project, branch: str, *, by: User | None) -> None:
    """Put what came to the main branch live, where that is to happen by itself."""
    if branch == project.default_branch and project.auto_deploy and not project.is_archived:
        _begin_head(project, by=by)


def deploy_head(project: Project, *, by: User | None) -> Deploy | None:
    """Put the tip of the project's main branch live, unless that is under way already.

    Returns None where there is nothing in it yet.
    """
    if by is not None and not can_develop(by, project):
        raise NotAllowed("Only developers and admins put a project live.")
    deploy = _begin_head(project, by=by)
    if deploy is None and by is not None:
        raise Conflict(f"There is nothing on {project.default_branch} yet. Push to it first.")
    return deploy


def _begin_head(project: Project, *, by: User | None) -> Deploy | None:
    app, head = queries.first_app(project), repository_of(project).head(project.default_branch)
    return begin(app, head, by=by) if app is not None and head is not None else None


def put_back(deploy: Deploy, *, by: User) -> Deploy:
    """Put a commit live again that was live before."""
    project = deploy.app.project
    if not can_develop(by, project):
        raise NotAllowed("Only developers and admins put a project live.")
    if deploy.live_at is None:
        raise Conflict("This one was never live. Put the main branch live instead.", code="never_live")
    if deploy.status is DeployStatus.LIVE:
        raise Conflict("This one is live already.", code="live_already")
    try:
        repository_of(project).commit(deploy.commit_sha)
    except NotFound:
        raise Conflict(
            f"{deploy.commit_sha[:8]} is not in the repository any more, so it cannot be built again."
        ) from None
    return begin(deploy.app, deploy.commit_sha, by=by)


def rest(project: Project) -> None:
    """Take everything of an archived project off its addresses."""
    app = queries.first_app(project)
    if app is None:
        return
    with transaction():
        for deploy in queries.deploys_on_the_way(app):
            stop(deploy)
        live = queries.live_deploy(app)
        if live is not None:
            end_as(live, DeployStatus.REPLACED)
            app.live_deploy_id = None
            routes.remove(app.handle)
        settle_deliveries(project)


def catch_up() -> int:
    """Put live what came to a main branch unheard, as its teller was killed; called by the schedule."""
    missed = [app for app in queries.apps_in_use() if is_behind(app)]
    for app in missed:
        deploy_head(app.project, by=None)
    return len(missed)


def is_behind(app: App) -> bool:
    """Tell whether what is on the main branch goes live by itself, but nobody set out to put it there."""
    if not app.is_first or not app.project.auto_deploy:
        return False
    head = repository_of(app.project).head(app.project.default_branch)
    return head is not None and not queries.was_deployed(app, head)
