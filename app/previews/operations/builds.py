"""From a commit to something that answers at its address."""

from datetime import timedelta
from uuid import UUID

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, Failed, NotAllowed
from app.core.events import announce
from app.core.jobs import job
from app.core.ledger import Run, RunHandle, RunState
from app.engine import serving
from app.previews import permissions, queries
from app.previews.events import PreviewReady
from app.previews.models import Preview, PreviewStatus
from app.previews.operations.endings import end, fail, stop
from app.previews.operations.places import as_set_up, place_of
from app.previews.operations.rounds import let_stand_back
from app.projects.models import Project
from app.projects.operations import leave_room_to_build
from app.projects.permissions import can_configure
from app.projects.queries import repository_of
from app.requests.models import ProductRequest

DAYS_UP = 14


def start_preview(
    request: ProductRequest, *, by: User | None, commit: str | None = None, force: bool = False
) -> Preview:
    """Build a commit of the request's branch and show it; what is up already is not built twice."""
    if by is not None and not permissions.can_start_preview(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can build its preview.")
    if request.is_over:
        raise Conflict(f"This request is {request.status}; there is nothing to preview any more.")
    head = commit or request.commit_sha or _head(request)
    if head is None:
        raise Conflict("There is no commit to show yet. The work has to be started first.")
    newest = queries.latest_preview(request)
    if newest is not None and not force and _shows(newest, head):
        return newest
    if by is not None:
        leave_room_to_build(request.project)  # else its build says so, and what it follows from goes on
    with transaction():
        for preview in queries.open_previews(request):
            if preview.is_on_the_way:
                stop(preview, "A newer commit took its place.")
        typical = queries.typical_seconds(request.project_id)
        preview = Preview(
            request=request,
            project_id=request.project_id,
            commit_sha=head,
            branch_name=request.working_branch,
            label=request.preview_label,
            round=max(1, request.round),
            started_by_id=by.id if by is not None else None,
            typical_ms=int(typical * 1000) if typical else None,
        )
        session.add(preview)
        session.flush()  # its run refers to it
        if not queries.open_previews_up(request):
            serving.announce(place_of(preview))
        preview.run_id = build_preview.later(preview.id, topic=request.id).id
    return preview


def _head(request: ProductRequest) -> str | None:
    if request.branch_name is None:
        return None
    return repository_of(request.project).head(request.branch_name)


def _shows(preview: Preview, commit: str) -> bool:
    """Tell whether a preview shows a commit, or is about to."""
    if preview.commit_sha != commit:
        return False
    return preview.is_on_the_way or (preview.is_up and _is_alive(preview))


def _is_alive(preview: Preview) -> bool:
    row = queries.status_of(preview.request_id)
    alive = {PreviewStatus.READY, PreviewStatus.ASLEEP}
    return (
        queries.effective(row.status, row.instance_state, has_process=row.instance_name is not None) in alive
    )


@job(queue="build", deadline=900, attempts=2)
def build_preview(preview_id: UUID) -> None:
    """Turn a preview's commit into something that answers at its address."""
    run = ledger.current()
    with transaction():
        preview = session.get(Preview, preview_id, populate_existing=True)
        if preview is None or not preview.is_on_the_way:
            return
        preview.move_to(PreviewStatus.BUILDING)
        preview.started_at = preview.started_at or now()
    request, repository = preview.request, repository_of(preview.request.project)
    leave_room_to_build(request.project)
    place = as_set_up(place_of(preview), request.project)
    let_go()

    prepared = serving.prepare(
        repository, preview.commit_sha, place, report=run.report, cancelled=lambda: run.is_cancelled
    )
    author = repository.commit(preview.commit_sha).author
    with transaction():
        _still_wanted(run, preview)
        preview.plan = prepared.plan.as_dict()
        preview.author = author[:200]
        preview.instance_name = None if prepared.built.serve == "static" else place.name
        preview.move_to(PreviewStatus.STARTING)
    serving.start(place, prepared, report=run.report, cancelled=lambda: run.is_cancelled)
    with transaction():
        _still_wanted(run, preview)
        preview.move_to(PreviewStatus.READY)
        preview.ready_at = now()
        preview.expires_at = now() + timedelta(days=DAYS_UP)
        preview.build_duration_ms = int((preview.ready_at - preview.created_at).total_seconds() * 1000)
        let_stand_back(preview)
        serving.point(place, prepared)
        changed(str(request.id))
        announce(PreviewReady(preview, request))


def _still_wanted(run: RunHandle, preview: Preview) -> None:
    """Read the preview as it is now, and stop where somebody ended it meanwhile."""
    run.settle()
    session.refresh(preview)
    if not preview.is_on_the_way or preview.request.is_over:
        raise Cancelled


@ledger.when_ended("previews.build_preview")
def _note_end(run: Run) -> None:
    """Let a preview end with the run that built it, for the same reason."""
    preview = session.get(Preview, UUID(run.subject_id), populate_existing=True)
    if preview is None or not preview.is_on_the_way:
        return
    if run.state is RunState.CANCELLED:
        end(preview, PreviewStatus.CANCELLED)
        return
    fail(
        preview,
        Failed(
            run.error_code or "failed",
            run.error_message or "It did not work.",
            run.error_suggestion,
            run.error_lines or [],
        ),
    )


def rebuild_open(project: Project, *, by: User) -> int:
    """Build again whatever of a project is up, so that what was set takes effect; returns how many."""
    if not can_configure(by, project):
        raise NotAllowed("Only an admin of the organization can build all previews again.")
    wanted = {preview.request_id: preview.request for preview in queries.up_in(project)}
    for request in wanted.values():
        start_preview(request, by=by, force=True)
    return len(wanted)
