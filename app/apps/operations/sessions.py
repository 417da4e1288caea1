"""A preview session's life: a version comes up for whoever edits it, stays while they are there, and ends."""

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, AppPreviewSession, AppVersion, SessionStatus
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, Failed, NotAllowed
from app.core.holding import hold
from app.core.ids import prefixed
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunHandle, RunState
from app.engine import editing, instances, routes, serving
from app.engine.instances import InstanceMoved, InstanceState, why_it_failed
from app.engine.serving import Place
from app.projects.models import Audience
from app.projects.permissions import can_develop
from app.projects.queries import plan_wishes_of, secrets_of, variables_of

S = SessionStatus
_LONGEST_LABEL = 63


def open_session(version: AppVersion, *, by: User) -> AppPreviewSession:
    """Bring a version up for whoever edits it, or return the session that it has already."""
    _may_edit(by, version)
    if version.why_read_only:
        raise Conflict(version.why_read_only)
    if queries.tip_of(version) is None:
        raise Conflict("There are no files in this version yet, so there is nothing to show.")
    with transaction():
        hold(version)  # two who come at once get the same one
        found = queries.open_session_of(version)
        if found is not None:
            return _go_on_with(found)
        made = AppPreviewSession(id=prefixed("appprv"), app_version=version, app_id=version.app_id)
        made.label = f"edit-{made.id[-12:]}--{version.app.handle}"[:_LONGEST_LABEL].rstrip("-")
        made.started_by = by
        session.add(made)
        session.flush()  # its run refers to it
        begin(made)
    return made


def _go_on_with(found: AppPreviewSession) -> AppPreviewSession:
    run = queries.run_of_session(found)
    if found.is_on_the_way and run is not None and ledger.is_ending(run):
        trouble = Conflict("The preview of this version is just being stopped. Try again in a moment.")
        trouble.retry_after = 1
        raise trouble
    found.last_heartbeat_at = now()
    return found


def keep_alive(found: AppPreviewSession, *, by: User) -> None:
    """Take a beat: somebody is still there."""
    _may_edit(by, found.app_version)
    with transaction():
        hold(found)
        if found.is_open:
            found.last_heartbeat_at = now()


def stop_session(found: AppPreviewSession, *, by: User) -> None:
    """End a session; one that is over already stays as it ended."""
    _may_edit(by, found.app_version)
    let_end(found)


def end_session_of(version: AppVersion) -> None:
    """End what runs of a version that is deleted."""
    found = queries.open_session_of(version)
    if found is not None:
        let_end(found)


def end_sessions_of(app: App) -> None:
    """End what runs of the versions of an app that is deleted."""
    for found in queries.open_sessions(app):
        let_end(found)


def _may_edit(by: User, version: AppVersion) -> None:
    if not can_develop(by, version.app.project):
        raise NotAllowed("Only developers and admins edit apps and run what they edit.")


# --- it comes up -----------------------------------------------------------------------------------------


def begin(found: AppPreviewSession) -> None:
    """Set out to bring a session up, or up anew; its address says so meanwhile."""
    with transaction():
        serving.announce(place_of_session(found))
        found.run_id = boot_session.later(found.id, topic=found.app_version.app.project_id).id
        changed(found.id)


def place_of_session(found: AppPreviewSession) -> Place:
    """Return where a session is served, with what its project's settings say of previews."""
    app, project = found.app_version.app, found.app_version.app.project
    secrets = secrets_of(project, Audience.PREVIEW)
    values = variables_of(project, Audience.PREVIEW)
    return Place(
        label=found.label,
        name=found.name,
        purpose="session",
        subject_id=found.id,
        project_id=project.id,
        organization_id=project.organization_id,
        status_url=f"{installation().url}{found.app_version.path}/edit",
        env={name: value for name, value in values.items() if name not in secrets},
        secrets=secrets,
        root=project.subfolder if app.is_first else "",
        wishes={**(plan_wishes_of(project) if app.is_first else {}), "node": app.config.get("nodeVersion")},
    )


@job(queue="build", deadline=900, attempts=2)
def boot_session(session_id: str) -> None:
    """Lay a version's files out, install what they need, and start the server that shows edits."""
    run = ledger.current()
    with transaction():
        found = session.get(AppPreviewSession, session_id, populate_existing=True)
        if found is None or not found.is_on_the_way:
            return
        found.move_to(S.HYDRATING)
        found.started_at = found.started_at or now()
    place, commit = place_of_session(found), queries.tip_of(found.app_version)
    repository = queries.repository_of_app(found.app_version.app)
    let_go()
    if commit is None:
        raise Failed("no_files", "The files of this version are gone.", "Choose another version.")

    dev = editing.lay_out(repository, commit, place, report=run.report)
    with transaction():
        _still_wanted(run, found)
        found.plan, found.commit_sha = dev.as_dict(), commit
        found.move_to(S.INSTALLING)
    prepared = editing.install(dev, place, report=run.report, cancelled=lambda: run.is_cancelled)
    with transaction():
        _still_wanted(run, found)
        found.has_process = prepared.built.serve == "process"
        found.move_to(S.STARTING)
    serving.start(place, prepared, report=run.report, cancelled=lambda: run.is_cancelled)
    with transaction():
        _still_wanted(run, found)
        found.move_to(S.READY)
        found.ready_at = now()
        serving.point(place, prepared)
        if found.has_process:
            instances.let_sleep_after(found.name, None)  # beats say how long it is wanted, not visits
        changed(found.id)


def _still_wanted(run: RunHandle, found: AppPreviewSession) -> None:
    run.settle()
    session.refresh(found)
    if not found.is_on_the_way:
        raise Cancelled


# --- it ends ---------------------------------------------------------------------------------------------


@ledger.when_ended("apps.boot_session")
def _note_end(run: Run) -> None:
    """Let a session end with the run that brought it up, for the same reason."""
    found = session.get(AppPreviewSession, run.subject_id, populate_existing=True)
    if found is None or not found.is_on_the_way:
        return
    if run.state is RunState.CANCELLED:
        _end(found, S.STOPPED)
        return
    message = run.error_message or "It did not work."
    fail(found, Failed(run.error_code or "failed", message, run.error_suggestion, run.error_lines or []))


def follow_session_instance(instance: InstanceMoved) -> None:
    """Hear from the keeper that a session's process is down for good."""
    if instance.purpose != "session":
        return
    found = session.get(AppPreviewSession, instance.subject_id, populate_existing=True)
    if found is not None and found.status is S.READY and instance.state is InstanceState.FAILED:
        fail(found, why_it_failed(instance.label))


def fail(found: AppPreviewSession, failed: Failed) -> None:
    """Write why a session is not there."""
    with transaction():
        found.error_code, found.error_message = failed.code, failed.message
        found.error_suggestion, found.error_lines = failed.suggestion, failed.lines
        _end(found, S.FAILED)


def let_end(found: AppPreviewSession) -> None:
    """End a session, whatever it does; what is coming up says so once its processes are gone."""
    with transaction():
        run = session.get(Run, found.run_id) if found.run_id else None
        if run is not None:
            ledger.lock(run)
        session.refresh(found)
        if found.is_on_the_way and run is not None and run.is_open:
            ledger.cancel(run)
        elif found.is_open:
            _end(found, S.STOPPED)


def _end(found: AppPreviewSession, status: SessionStatus) -> None:
    with transaction():
        found.move_to(status)
        found.stopped_at = now()
        remove_session.later(found.id, topic=found.app_version.app.project_id)
        changed(found.id)


@job(queue="quick", deadline=60, attempts=5)
def remove_session(session_id: str) -> None:
    """Take the process, the files and the address of a session away that is over; its log stays a day."""
    found = session.get(AppPreviewSession, session_id, populate_existing=True)
    if found is None or found.is_open:
        return
    routes.forget(found.label)
    serving.remove(found.name)
    found.lock_path.unlink(missing_ok=True)
