"""What is done with apps: make a project's first one, put its main branch live."""

from collections.abc import Iterator

from app.accounts.models import User
from app.apps import queries
from app.apps.events import AppLive, DeployFailed
from app.apps.models import App, Deploy, DeployStatus
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, NotAllowed
from app.core.events import announce
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunHandle, RunState
from app.engine import routes, serving
from app.engine.instances import InstanceMoved, InstanceState, why_it_failed
from app.engine.serving import Place
from app.notifications.operations import tell
from app.organizations.models import Role
from app.organizations.queries import people_with_role
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
    deploy_head(project, by=None)
    return app


def follow_branch(project: Project, branch: str) -> None:
    """Put what came to the main branch live."""
    if branch == project.default_branch and not project.is_archived:
        deploy_head(project, by=None)


def deploy_head(project: Project, *, by: User | None) -> Deploy | None:
    """Put the tip of the project's main branch live, unless that is under way already.

    Returns None where there is nothing in it yet.
    """
    if by is not None and not can_develop(by, project):
        raise NotAllowed("Only developers and admins put a project live.")
    app = queries.first_app(project)
    head = repository_of(project).head(project.default_branch)
    if app is None or head is None:
        if by is not None:
            raise Conflict(f"There is nothing on {project.default_branch} yet. Push to it first.")
        return None
    with transaction():
        for older in queries.deploys_on_the_way(app):
            if older.commit_sha == head and not _is_ending(older):
                return older
            _stop(older)
        deploy = Deploy(app=app, app_id=app.id, commit_sha=head, started_by_id=by.id if by else None)
        session.add(deploy)
        session.flush()  # its run refers to it
        if queries.live_deploy(app) is None:
            serving.announce(place_of(deploy))
        deploy.run_id = put_live.later(deploy.id, topic=project.id).id
    return deploy


@job(queue="build", deadline=900, attempts=2)
def put_live(deploy_id: str) -> None:
    """Build a commit, start it beside what is live, and switch the address once it answers."""
    run = ledger.current()
    with transaction():
        deploy = session.get(Deploy, deploy_id, populate_existing=True)
        if deploy is None or not deploy.is_on_the_way:
            return
        deploy.move_to(DeployStatus.BUILDING)
    project, place = deploy.app.project, place_of(deploy)
    let_go()
    prepared = serving.prepare(
        repository_of(project),
        deploy.commit_sha,
        place,
        report=run.report,
        cancelled=lambda: run.is_cancelled,
    )
    with transaction():
        _still_wanted(run, deploy)
        deploy.plan = prepared.plan.as_dict()
        deploy.move_to(DeployStatus.STARTING)
    serving.start(place, prepared, report=run.report, cancelled=lambda: run.is_cancelled)
    with transaction():
        _still_wanted(run, deploy)
        before = queries.live_deploy(deploy.app)
        if before is not None:
            _end(before, DeployStatus.REPLACED)
        deploy.move_to(DeployStatus.LIVE)
        deploy.live_at = now()
        deploy.app.live_deploy_id = deploy.id
        serving.point(place, prepared)
        changed(str(project.id))
        announce(AppLive(deploy, project))


def _still_wanted(run: RunHandle, deploy: Deploy) -> None:
    run.settle()
    session.refresh(deploy)
    if not deploy.is_on_the_way:
        raise Cancelled


def place_of(deploy: Deploy) -> Place:
    """Return where a deploy is served."""
    project = deploy.app.project
    return Place(
        label=deploy.app.handle,
        name=deploy.name,
        purpose="app",
        subject_id=deploy.id,
        project_id=project.id,
        organization_id=project.organization_id,
        access="public" if deploy.app.is_public else "private",
        status_url=f"{installation().url}{project.path}/live",
    )


@ledger.when_ended("apps.put_live")
def _note_end(run: Run) -> None:
    """Let a deploy end with the run that worked on it; what was live stays."""
    deploy = session.get(Deploy, run.subject_id, populate_existing=True)
    if deploy is None or not deploy.is_on_the_way:
        return
    if run.state is RunState.CANCELLED:
        _end(deploy, DeployStatus.CANCELLED)
        return
    deploy.error_code = run.error_code
    deploy.error_message = run.error_message or "It did not work."
    deploy.error_suggestion, deploy.error_lines = run.error_suggestion, run.error_lines
    _end(deploy, DeployStatus.FAILED)
    announce(DeployFailed(deploy, deploy.app.project))


def follow_instance(instance: InstanceMoved) -> None:
    """Hear from the keeper how an app's process does; one that is down for good is not live."""
    if instance.purpose != "app" or instance.state is not InstanceState.FAILED:
        return
    deploy = session.get(Deploy, instance.subject_id, populate_existing=True)
    if deploy is None or deploy.status is not DeployStatus.LIVE:
        return
    failed = why_it_failed(instance.label)
    deploy.error_code, deploy.error_message = failed.code, failed.message
    deploy.error_suggestion, deploy.error_lines = failed.suggestion, failed.lines
    deploy.app.live_deploy_id = None
    _end(deploy, DeployStatus.FAILED)
    announce(DeployFailed(deploy, deploy.app.project))


def _is_ending(deploy: Deploy) -> bool:
    run = session.get(Run, deploy.run_id, populate_existing=True) if deploy.run_id else None
    return run is None or not run.is_open or run.cancel_requested_at is not None


def _stop(deploy: Deploy) -> None:
    run = session.get(Run, deploy.run_id) if deploy.run_id else None
    if run is not None and run.is_open:
        ledger.cancel(run)
    else:
        _end(deploy, DeployStatus.CANCELLED)


def tell_of_failure(deploy: Deploy) -> None:
    """Tell the developers that a commit is not live."""
    project = deploy.app.project
    tell(
        people_with_role(project.organization_id, Role.DEVELOPER),
        organization_id=project.organization_id,
        kind="deploy_failed",
        text=f"{deploy.commit_sha[:8]} of {project.name} is not live: {deploy.error_message}",
        path=f"{project.path}/live",
        subject_id=deploy.id,
        needs_you=True,
    )


def cancel_deploy(deploy: Deploy, *, by: User) -> None:
    """Stop a deploy that is on its way; what is live stays."""
    if not can_develop(by, deploy.app.project):
        raise NotAllowed("Only developers and admins stop a deploy.")
    with transaction():
        run = session.get(Run, deploy.run_id) if deploy.run_id else None
        if run is not None:
            ledger.lock(run)
        session.refresh(deploy)
        if not deploy.is_on_the_way:
            raise Conflict(f"This deploy is {deploy.status} already.")
        _stop(deploy)


def _end(deploy: Deploy, status: DeployStatus) -> None:
    with transaction():
        deploy.move_to(status)
        deploy.ended_at = now()
        remove_deploy.later(deploy.id, topic=deploy.app.project_id)
        changed(str(deploy.app.project_id))


@job(queue="quick", deadline=60, attempts=5)
def remove_deploy(deploy_id: str) -> None:
    """Take the process and the files of a deploy away that is over; its log stays."""
    deploy = session.get(Deploy, deploy_id, populate_existing=True)
    if deploy is None or deploy.is_on_the_way or deploy.status is DeployStatus.LIVE:
        return
    serving.remove(deploy.name)


def rest(project: Project) -> None:
    """Take everything of an archived project off its addresses."""
    app = queries.first_app(project)
    if app is None:
        return
    with transaction():
        for deploy in queries.deploys_on_the_way(app):
            _stop(deploy)
        live = queries.live_deploy(app)
        if live is not None:
            _end(live, DeployStatus.REPLACED)
            app.live_deploy_id = None
            routes.remove(app.handle)


def catch_up() -> int:
    """Put live what came to a main branch unheard, as its teller was killed; called by the schedule."""
    missed = [app for app in queries.apps_in_use() if _is_behind(app)]
    for app in missed:
        deploy_head(app.project, by=None)
    return len(missed)


def _is_behind(app: App) -> bool:
    head = repository_of(app.project).head(app.project.default_branch)
    return head is not None and not queries.was_deployed(app, head)


def disagreements() -> list[str]:
    """Say where deploys and the rest of the world differ."""
    found = [f"Deploy {deploy.id} {line}" for deploy in queries.unended() for line in _differences(deploy)]
    for app in queries.apps_in_use():
        live = [
            deploy.id for deploy in queries.unended() if deploy.app_id == app.id and not deploy.is_on_the_way
        ]
        if live != [each for each in [app.live_deploy_id] if each]:
            found.append(
                f"App {app.id} says that {app.live_deploy_id} is live, but that is {live or 'nothing'}."
            )
        if _is_behind(app):
            found.append(f"App {app.id} was never told of what is on {app.project.default_branch}.")
    return found


def _differences(deploy: Deploy) -> Iterator[str]:
    run = session.get(Run, deploy.run_id, populate_existing=True) if deploy.run_id else None
    if deploy.is_on_the_way and (run is None or not run.is_open):
        yield f"is {deploy.status}, but nothing works on it."
    if deploy.status is DeployStatus.LIVE:
        has_process = (deploy.plan or {}).get("run") is not None
        yield from serving.differences(place_of(deploy), has_process=has_process)
