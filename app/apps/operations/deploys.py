"""A deploy's life: what was built is started beside what is live, and takes its address."""

from dataclasses import replace

from app.accounts.models import User
from app.apps import queries
from app.apps.events import AppLive, DeployFailed
from app.apps.models import (
    App,
    Build,
    BuildStatus,
    BuildTrigger,
    Deploy,
    DeployStatus,
    DeployTrigger,
)
from app.apps.operations.builds import carry_out, end_with, enter_build, lay_out
from app.apps.operations.delivery import settle_deliveries, take_off_what_is_missing
from app.apps.operations.endings import end_as, stop
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, NotAllowed, NotFound
from app.core.events import announce
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunHandle, RunState
from app.engine import artifacts, serving
from app.engine.logs import Log
from app.engine.serving import Place, Prepared
from app.notifications.operations import settle
from app.projects.permissions import can_develop


def begin(app: App, commit: str, *, by: User | None, trigger: DeployTrigger = DeployTrigger.MANUAL) -> Deploy:
    """Set out to build a commit and put it live; what is on its way stops, unless it is the same commit."""
    with transaction():
        for older in queries.deploys_on_the_way(app):
            if older.commit_sha == commit and not _is_ending(older):
                return older
            stop(older)
        build = enter_build(
            app,
            commit,
            version_id=app.default_version_id,
            by=by,
            trigger=BuildTrigger.AUTO if trigger is DeployTrigger.AUTO else BuildTrigger.MANUAL,
        )
        return _enter(build, by=by, trigger=trigger)


def _is_ending(deploy: Deploy) -> bool:
    run = session.get(Run, deploy.run_id, populate_existing=True) if deploy.run_id else None
    return run is None or not run.is_open or run.cancel_requested_at is not None


def deploy_latest(app: App, *, by: User) -> Deploy:
    """Put the latest build of an app's default version live that completed."""
    _may_deploy(by, app)
    build = queries.latest_good_build(app)
    if build is None:
        raise Conflict("There is no build that completed yet. Start one first.", code="no_build")
    return deploy_build(build, by=by)


def deploy_build(build: Build, *, by: User, trigger: DeployTrigger = DeployTrigger.MANUAL) -> Deploy:
    """Put a build live that completed, with the environment that it was built with.

    What it left may have been swept since; then its commit is built once more, with the same environment.
    """
    app = build.app
    _may_deploy(by, app)
    if build.status is not BuildStatus.COMPLETED:
        raise Conflict(
            f"Build {build.number} is {build.status}. Only one that completed can be put live.",
            code="not_completed",
        )
    with transaction():
        for older in queries.deploys_on_the_way(app):
            stop(older)
        return _enter(_there_again(build, by=by), by=by, trigger=trigger)


def _may_deploy(by: User, app: App) -> None:
    if not can_develop(by, app.project):
        raise NotAllowed("Only developers and admins put an app live.")


def _there_again(build: Build, *, by: User) -> Build:
    """Return a build that can be laid out: this one, or one to be made of the same things."""
    if build.artifact is not None and artifacts.is_kept(build.artifact):
        return build
    try:
        queries.repository_of_app(build.app).commit(build.commit_sha)
    except NotFound:
        raise Conflict(
            f"{build.commit_sha[:8]} is not in the repository any more, so it cannot be built again."
        ) from None
    return enter_build(
        build.app,
        build.commit_sha,
        version_id=build.app_version_id,
        by=by,
        trigger=BuildTrigger.REDEPLOY,
        like=build,
    )


def _enter(build: Build, *, by: User | None, trigger: DeployTrigger) -> Deploy:
    app = build.app
    deploy = Deploy(
        app=app, app_id=app.id, build=build, commit_sha=build.commit_sha, trigger=trigger, started_by=by
    )
    session.add(deploy)
    session.flush()  # its run refers to it
    if queries.live_deploy(app) is None:
        serving.announce(place_of(deploy))
    deploy.run_id = put_live.later(deploy.id, topic=app.project_id).id
    if build.is_on_the_way:
        build.run_id = deploy.run_id
    settle_deliveries(app.project)
    return deploy


@job(queue="build", deadline=900, attempts=2)
def put_live(deploy_id: str) -> None:
    """Build what is not built yet, start it beside what is live, and switch the address once it answers."""
    run = ledger.current()
    deploy = session.get(Deploy, deploy_id, populate_existing=True)
    if deploy is None or not deploy.is_on_the_way or deploy.build is None:
        return
    build, place = deploy.build, place_of(deploy)
    if build.is_on_the_way:
        _move(deploy, DeployStatus.BUILDING)
        carry_out(build)
    _move(deploy, DeployStatus.STARTING)
    let_go()
    run.report(phase="starting", progress=88, message=f"Laying build {build.number} out")
    with Log(place.log_path, place.secrets.values()) as log:
        log.line(f"Build {build.number} of {deploy.commit_sha[:8]} is put live", stream="step")
    prepared = lay_out(build, place)
    serving.start(place, prepared, report=run.report, cancelled=lambda: run.is_cancelled)
    with transaction():
        _still_wanted(run, deploy)
        session.refresh(deploy.app)  # who may see it, and where, may be settled otherwise by now
        _switch(deploy, place_of(deploy), prepared)


def _move(deploy: Deploy, status: DeployStatus) -> None:
    with transaction():
        session.refresh(deploy)
        if not deploy.is_on_the_way:
            raise Cancelled
        deploy.move_to(status)
        deploy.started_at = deploy.started_at or now()
        deploy.plan = deploy.build.plan if deploy.build is not None else None
        changed(str(deploy.app.project_id))


def _switch(deploy: Deploy, place: Place, prepared: Prepared) -> None:
    """Let every address of an app lead to a deploy, and end the one before."""
    app, project = deploy.app, deploy.app.project
    live, before = queries.live_deploy(app), queries.last_live(app)
    if live is not None:
        end_as(live, DeployStatus.REPLACED)
    deploy.move_to(DeployStatus.LIVE)
    deploy.live_at = now()
    app.live_deploy_id = deploy.id
    for domain in queries.active_domains(app):
        serving.point(replace(place, label=domain.hostname), prepared)
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
    project, build = deploy.app.project, deploy.build
    return Place(
        label=deploy.app.handle,
        name=deploy.name,
        purpose="app",
        subject_id=deploy.id,
        project_id=project.id,
        organization_id=project.organization_id,
        access=deploy.app.access,
        status_url=f"{installation().url}{project.path}/live",
        env=build.variables if build is not None else {},
        secrets=build.secrets if build is not None else {},
    )


@ledger.when_ended("apps.put_live")
def _note_end(run: Run) -> None:
    """Let a deploy end with its run, and the build that it was to make; what was live stays."""
    deploy = session.get(Deploy, run.subject_id, populate_existing=True)
    if deploy is None or not deploy.is_on_the_way:
        return
    if deploy.build is not None:
        end_with(deploy.build, run)
    if run.state is RunState.CANCELLED:
        end_as(deploy, DeployStatus.CANCELLED)
        return
    deploy.error_code = run.error_code
    deploy.error_message = run.error_message or "It did not work."
    deploy.error_suggestion, deploy.error_lines = run.error_suggestion, run.error_lines
    end_as(deploy, DeployStatus.FAILED)
    announce(DeployFailed(deploy, deploy.app.project))
