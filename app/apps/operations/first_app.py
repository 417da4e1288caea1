"""A project's first app: its own repository, whose main branch is what is live."""

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, Deploy, DeployTrigger
from app.apps.operations.deploys import begin
from app.apps.operations.endings import take_down
from app.apps.operations.versions import make_default_version
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.ids import uuid7
from app.projects.models import Project
from app.projects.permissions import can_develop
from app.projects.queries import repository_of


def make_first_app(project: Project) -> App:
    """Make the app that is a project's own repository, and put live what is in it already."""
    if not queries.handle_is_free(project.host_label):  # one of the other apps goes by it
        project.host_label = f"{project.host_label}-{uuid7().hex[-4:]}"
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
        _begin_head(project, by=by, trigger=DeployTrigger.AUTO)


def deploy_head(project: Project, *, by: User | None) -> Deploy | None:
    """Put the tip of the project's main branch live, unless that is under way already.

    Returns None where there is nothing in it yet.
    """
    if by is not None and not can_develop(by, project):
        raise NotAllowed("Only developers and admins put a project live.")
    deploy = _begin_head(project, by=by, trigger=DeployTrigger.MANUAL if by else DeployTrigger.AUTO)
    if deploy is None and by is not None:
        raise Conflict(f"There is nothing on {project.default_branch} yet. Push to it first.")
    return deploy


def _begin_head(project: Project, *, by: User | None, trigger: DeployTrigger) -> Deploy | None:
    app, head = queries.first_app(project), repository_of(project).head(project.default_branch)
    return begin(app, head, by=by, trigger=trigger) if app is not None and head is not None else None


def rest(project: Project) -> None:
    """Take everything of an archived project off its addresses."""
    for app in queries.apps_of(project):
        take_down(app)


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
