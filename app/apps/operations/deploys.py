"""A deploy's life: a commit is built, started beside what is live, and takes its address."""

from app.accounts.models import User
from app.apps import queries
from app.apps.events import AppLive, DeployFailed
from app.apps.models import App, Deploy, DeployStatus
from app.apps.operations.delivery import settle_deliveries, take_off_what_is_missing
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, NotAllowed
from app.core.events import announce
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunHandle, RunState
from app.engine import serving
from app.engine.instances import InstanceMoved, InstanceState, why_it_failed
from app.engine.serving import Place
from app.notifications.models import Kind
from app.notifications.operations import settle, tell
from app.organizations.models import Role
from app.organizations.queries import people_with_role
from app.projects.operations import leave_room_to_build
from app.projects.permissions import can_develop
from app.projects.queries import repository_of


def begin(app: App, commit: str, *, by: User | None) -> Deploy:
    """Set out to put a commit live; what is on its way stops, unless it is the same commit."""
    with transaction():
        for older in queries.deploys_on_the_way(app):
            if older.commit_sha == commit and not _is_ending(older):
                return older
            stop(older)
        deploy = Deploy(app=app, app_id=app.id, commit_sha=commit, started_by=by)
        session.add(deploy)
        session.flush()  # its run refers to it
        if queries.live_deploy(app) is None:
            serving.announce(place_of(deploy))
        deploy.run_id = put_live.later(deploy.id, topic=app.project_id).id
        settle_deliveries(app.project)
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
    leave_room_to_build(project)
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
        live, before = queries.live_deploy(deploy.app), queries.last_live(deploy.app)
        if live is not None:
            end_as(live, DeployStatus.REPLACED)
        deploy.move_to(DeployStatus.LIVE)
        deploy.live_at = now()
        deploy.app.live_deploy_id = deploy.id
        serving.point(place, prepared)
        changed(str(project.id))
        session.flush()  # which requests are live is read from it
        settle(deploy.app_id)
        take_off_what_is_missing(deploy, before)
        settle_deliveries(project)
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
        end_as(deploy, DeployStatus.CANCELLED)
        return
    deploy.error_code = run.error_code
    deploy.error_message = run.error_message or "It did not work."
    deploy.error_suggestion, deploy.error_lines = run.error_suggestion, run.error_lines
    end_as(deploy, DeployStatus.FAILED)
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
    end_as(deploy, DeployStatus.FAILED)
    announce(DeployFailed(deploy, deploy.app.project))


def _is_ending(deploy: Deploy) -> bool:
    run = session.get(Run, deploy.run_id, populate_existing=True) if deploy.run_id else None
    return run is None or not run.is_open or run.cancel_requested_at is not None


def stop(deploy: Deploy) -> None:
    run = session.get(Run, deploy.run_id) if deploy.run_id else None
    if run is not None and run.is_open:
        ledger.cancel(run)
    else:
        end_as(deploy, DeployStatus.CANCELLED)


def tell_of_failure(deploy: Deploy) -> None:
    """Tell the developers that a commit is not live."""
    project = deploy.app.project
    tell(
        people_with_role(project.organization_id, Role.DEVELOPER),
        organization_id=project.organization_id,
        kind=Kind.DEPLOY_FAILED,
        text=f"{deploy.commit_sha[:8]} of {project.name} is not live: {deploy.error_message}",
        path=f"{project.path}/live",
        subject_id=deploy.app_id,
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
        stop(deploy)


def end_as(deploy: Deploy, status: DeployStatus) -> None:
    with transaction():
        deploy.move_to(status)
        deploy.ended_at = now()
        remove_deploy.later(deploy.id, topic=deploy.app.project_id)
        changed(str(deploy.app.project_id))
        session.flush()  # which requests are live is read from it
        settle_deliveries(deploy.app.project)


@job(queue="quick", deadline=60, attempts=5)
def remove_deploy(deploy_id: str) -> None:
    """Take the process and the files of a deploy away that is over; its log stays."""
    deploy = session.get(Deploy, deploy_id, populate_existing=True)
    if deploy is None or deploy.is_on_the_way or deploy.status is DeployStatus.LIVE:
        return
    serving.remove(deploy.name)
