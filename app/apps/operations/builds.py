"""A build's life: a commit becomes something that can be served, and is stored by its content."""

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, AppVersion, Build, BuildStatus, BuildTrigger
from app.apps.operations.variables import environment_of
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, NotAllowed
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.engine import artifacts, serving
from app.engine.builds import Built
from app.engine.plans import Plan
from app.engine.serving import Place, Prepared
from app.projects.operations import leave_room_to_build
from app.projects.permissions import can_develop

_WISHES = ("install", "build", "output", "run", "port", "health")  # of an app's config, as plans take them


def start_build(
    version: AppVersion, *, by: User | None, trigger: BuildTrigger = BuildTrigger.MANUAL
) -> Build:
    """Build the newest commit of a version, with the environment as it is now."""
    app = version.app
    if by is not None and not can_develop(by, app.project):
        raise NotAllowed("Only developers and admins build an app.")
    commit = queries.repository_of_app(app).head(version.branch)
    if commit is None:
        raise Conflict("There is nothing in this version yet. Put a file into it first.", code="empty")
    with transaction():
        build = enter_build(app, commit, version_id=version.id, by=by, trigger=trigger)
        build.run_id = make_build.later(build.id, topic=app.project_id).id
    return build


def follow_version(version: AppVersion, *, by: User | None) -> None:
    """Build what was pushed to or saved in a version, where its app says so; what still waits gives way."""
    app, project = version.app, version.app.project
    goes_live = app.is_first and version.is_default and project.auto_deploy  # which builds it as well
    if not app.builds_by_itself or goes_live or app.why_read_only:
        return
    with transaction():
        for older in queries.waiting_builds(version):
            stop_build(older)
        start_build(version, by=by, trigger=BuildTrigger.AUTO)


def enter_build(
    app: App,
    commit: str,
    *,
    version_id: str | None,
    by: User | None,
    trigger: BuildTrigger,
    like: Build | None = None,
) -> Build:
    """Write a build down under the next number; `like` gives it the environment of an earlier one."""
    with transaction():
        build = Build(
            app=app,
            app_id=app.id,
            app_version_id=version_id,
            number=queries.next_build_number(app),
            trigger=trigger,
            commit_sha=commit,
            env=like.env if like is not None else environment_of(app),
            typical_ms=queries.typical_build_ms(app),
            started_by=by,
        )
        session.add(build)
        session.flush()  # its run and its deploy refer to it
    return build


@job(queue="build", deadline=900, attempts=2)
def make_build(build_id: str) -> None:
    """Build a commit and store what it left."""
    build = session.get(Build, build_id, populate_existing=True)
    if build is not None and build.is_on_the_way:
        carry_out(build)


def carry_out(build: Build) -> None:
    """Do the work of a build within the run at hand."""
    run = ledger.current()
    with transaction():
        build.move_to(BuildStatus.RUNNING)
        build.started_at = now()
        changed(str(build.app.project_id))
    repository, place = queries.repository_of_app(build.app), _place_of(build)
    leave_room_to_build(build.app.project)
    let_go()
    try:
        prepared = serving.prepare(
            repository, build.commit_sha, place, report=run.report, cancelled=lambda: run.is_cancelled
        )
        run.report(phase="storing", progress=85, message="Storing what was built")
        is_static = prepared.built.serve == "static"
        kept = artifacts.keep(
            prepared.built.directory if is_static and prepared.built.directory else place.folder
        )
    finally:
        serving.clear(place.folder)
    with transaction():
        run.settle()
        session.refresh(build)
        if not build.is_on_the_way:
            raise Cancelled
        build.plan, build.built, build.artifact = prepared.plan.as_dict(), _as_dict(prepared.built), kept
        build.move_to(BuildStatus.COMPLETED)
        build.ended_at = now()
        changed(str(build.app.project_id))


def _place_of(build: Build) -> Place:
    """Return where a build works: nobody sees it there."""
    project = build.app.project
    return Place(
        label=build.app.handle,
        name=build.name,
        purpose="build",
        subject_id=build.id,
        project_id=project.id,
        organization_id=project.organization_id,
        env=build.variables,
        secrets=build.secrets,
        wishes=wishes_of(build.app),
    )


def wishes_of(app: App) -> dict[str, object]:
    """Return what an app's settings say of how it is built and run, as plans take it."""
    said = {name: app.config.get(name) for name in _WISHES} | {"node": app.config.get("nodeVersion")}
    return {name: value for name, value in said.items() if value}


def _as_dict(built: Built) -> dict[str, object]:
    return {name: getattr(built, name) for name in ("serve", "spa", "command", "port", "health")}


def lay_out(build: Build, place: Place) -> Prepared:
    """Copy what a build left to where it shall be served from."""
    plan, said = Plan.from_dict(build.plan or {}), build.built or {}
    serving.clear(place.folder)
    artifacts.lay_out(str(build.artifact), place.folder, built_at=build.folder, root=plan.root)
    is_static = said["serve"] == "static"
    built = Built(
        folder=place.folder,
        directory=place.folder if is_static else None,
        env={**plan.env, **build.variables, **build.secrets},
        **said,
    )
    return Prepared(plan, built)


@ledger.when_ended("apps.make_build")
def _note_end(run: Run) -> None:
    """Let a build end with the run that worked on it."""
    build = session.get(Build, run.subject_id, populate_existing=True)
    if build is not None:
        end_with(build, run)


def end_with(build: Build, run: Run) -> None:
    """End a build as its run did, for the same reason; one that is over stays as it is."""
    if not build.is_on_the_way:
        return
    with transaction():
        if run.state is RunState.CANCELLED:
            build.move_to(BuildStatus.CANCELLED)
        else:
            build.error_code = run.error_code
            build.error_message = run.error_message or "It did not work."
            build.error_suggestion, build.error_lines = run.error_suggestion, run.error_lines
            build.move_to(BuildStatus.FAILED)
        build.ended_at = now()
        changed(str(build.app.project_id))


def cancel_build(build: Build, *, by: User) -> None:
    """Stop a build; a deploy that waits for it stops with it, and what is live stays."""
    if not can_develop(by, build.app.project):
        raise NotAllowed("Only developers and admins stop a build.")
    with transaction():
        run = session.get(Run, build.run_id) if build.run_id else None
        if run is not None:
            ledger.lock(run)
        session.refresh(build)
        if not build.is_on_the_way:
            raise Conflict(f"This build is {build.status} already.")
        stop_build(build)


def stop_build(build: Build) -> None:
    """Ask the run of a build to end; one that nobody works on ends now."""
    run = session.get(Run, build.run_id) if build.run_id else None
    if run is not None and run.is_open:
        ledger.cancel(run)
        return
    with transaction():
        build.move_to(BuildStatus.CANCELLED)
        build.ended_at = now()


def sweep_artifacts() -> int:
    """Remove what no build is remembered for any more; called by the schedule. Returns how many."""
    return artifacts.sweep(queries.artifacts_in_use())
