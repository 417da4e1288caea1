"""What is done with previews: build one, show it, take it down; everything that ends one ends here."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, Failed, NotAllowed
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
from app.previews import permissions, queries
from app.previews.events import PreviewFailed, PreviewReady
from app.previews.models import Preview, PreviewStatus
from app.projects.models import Project
from app.projects.queries import repository_of
from app.requests.models import ActivityType, ProductRequest, RequestStatus, WorkflowAction
from app.requests.operations import move, note_commit, record
from app.requests.queries import open_requests_on_branch as open_request_on_branch

DAYS_UP = 14
_SHOWN = frozenset({RequestStatus.IN_REVIEW, RequestStatus.PR_OPEN})


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
    if newest is not None and newest.commit_sha == head and not force:
        if newest.is_on_the_way:
            return newest
        if newest.is_up and _is_alive(newest):
            return newest
    with transaction():
        for preview in queries.open_previews(request):
            if preview.is_on_the_way:
                _stop(preview, "A newer commit took its place.")
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


def follow_branch(project: Project, branch: str, commit: str | None) -> None:
    """Show the new tip of a request's branch, where its work is done and somebody may be looking."""
    request = open_request_on_branch(project, branch)
    if request is None or commit is None or request.status not in _SHOWN:
        return
    with transaction():
        note_commit(request, commit=commit)
        start_preview(request, by=None)


def follow_request(request: ProductRequest, action: WorkflowAction) -> None:
    """Show finished work, and take down what belongs to a request that is over."""
    if action is WorkflowAction.COMPLETE_DEVELOPMENT and request.commit_sha is not None:
        start_preview(request, by=None)
    elif request.is_over and action in {WorkflowAction.MERGE, WorkflowAction.CANCEL}:
        take_down(request)


def follow_instance(instance: InstanceMoved) -> None:
    """Hear from the keeper how a preview's process does; one that is down for good is a failed preview."""
    if instance.purpose != "preview":
        return
    preview = session.get(Preview, UUID(instance.subject_id), populate_existing=True)
    if preview is None:
        return
    changed(str(preview.request_id))
    if instance.state is InstanceState.FAILED and preview.is_up:
        fail(preview, why_it_failed(instance.label))


def invite_to_try(preview: Preview) -> None:
    """Move the request on where the preview is of what stands there, and ask its requester to try it."""
    request = preview.request
    if request.status is not RequestStatus.IN_REVIEW or request.commit_sha != preview.commit_sha:
        return
    move(request, WorkflowAction.PREVIEW_READY, by=None, payload={"previewUrl": preview.url})
    tell(
        [request.requester],
        organization_id=request.organization_id,
        kind="preview_ready",
        text=f"#{request.number} {request.title} is ready to try.",
        path=request.path,
        subject_id=request.id,
        needs_you=True,
    )


def tell_of_failure(preview: Preview) -> None:
    """Tell those who can mend it that a preview is not there."""
    request = preview.request
    developers = people_with_role(request.organization_id, Role.DEVELOPER)
    tell(
        [request.assignee] if request.assignee else developers,
        organization_id=request.organization_id,
        kind="preview_failed",
        text=f"The preview of #{request.number} {request.title} failed: {preview.error_message}",
        path=f"{request.path}/preview",
        subject_id=request.id,
        needs_you=True,
    )


def _head(request: ProductRequest) -> str | None:
    if request.branch_name is None:
        return None
    return repository_of(request.project).head(request.branch_name)


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
    place = place_of(preview)
    let_go()

    prepared = serving.prepare(
        repository, preview.commit_sha, place, report=run.report, cancelled=lambda: run.is_cancelled
    )
    with transaction():
        _still_wanted(run, preview)
        preview.plan = prepared.plan.as_dict()
        preview.instance_name = None if prepared.built.serve == "static" else place.name
        preview.move_to(PreviewStatus.STARTING)
    serving.start(place, prepared, report=run.report, cancelled=lambda: run.is_cancelled)
    with transaction():
        _still_wanted(run, preview)
        older = [other for other in queries.open_previews_up(request) if other.id != preview.id]
        preview.move_to(PreviewStatus.READY)
        preview.ready_at = now()
        preview.expires_at = now() + timedelta(days=DAYS_UP)
        preview.build_duration_ms = int((preview.ready_at - preview.created_at).total_seconds() * 1000)
        serving.point(place, prepared)
        for other in older:
            _end(other, PreviewStatus.EXPIRED)
        changed(str(request.id))
        announce(PreviewReady(preview, request))


def _still_wanted(run: RunHandle, preview: Preview) -> None:
    """Read the preview as it is now, and stop where somebody ended it meanwhile."""
    run.settle()
    session.refresh(preview)
    if not preview.is_on_the_way or preview.request.is_over:
        raise Cancelled


def place_of(preview: Preview) -> Place:
    """Return where a preview is served, and what its bar leads to."""
    request = preview.request
    page = f"{installation().url}{request.path}"
    return Place(
        label=preview.label,
        name=preview.name,
        purpose="preview",
        subject_id=str(preview.id),
        project_id=preview.project_id,
        organization_id=request.organization_id,
        status_url=f"{page}/preview",
        bar={
            "title": f"#{request.number} {request.title}",
            "commit": preview.commit_sha,
            "requestUrl": page,
            "acceptUrl": f"{page}/accept?commit={preview.commit_sha}",
            "changeUrl": f"{page}/change?commit={preview.commit_sha}",
            "askUrl": f"{page}#comment",
        },
    )


@ledger.when_ended("previews.build_preview")
def _note_end(run: Run) -> None:
    """Let a preview end with the run that built it, for the same reason."""
    preview = session.get(Preview, UUID(run.subject_id), populate_existing=True)
    if preview is None or not preview.is_on_the_way:
        return
    if run.state is RunState.CANCELLED:
        _end(preview, PreviewStatus.CANCELLED)
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


def fail(preview: Preview, failed: Failed) -> None:
    """Write why a preview is not there, and tell."""
    with transaction():
        preview.error_code = failed.code
        preview.error_message = failed.message
        preview.error_suggestion = failed.suggestion
        preview.error_lines = failed.lines
        _end(preview, PreviewStatus.FAILED)
        record(
            preview.request,
            ActivityType.PREVIEW,
            f"The preview failed: {failed.message}",
            by=None,
            payload={"commitSha": preview.commit_sha, "code": failed.code},
        )
        announce(PreviewFailed(preview, preview.request))


def cancel_preview(request: ProductRequest, *, by: User) -> Preview:
    """Stop a preview that is being built: its processes are killed before it says so."""
    _may_take_down(by, request)
    with transaction():
        preview = queries.latest_preview(request)
        if preview is None or not _is_still_on_the_way(preview):
            raise Conflict("Nothing is being built for this request, so there is nothing to cancel.")
        _stop(preview, "Cancelled.")
    return preview


def _is_still_on_the_way(preview: Preview) -> bool:
    """Tell it once whoever works on it can no longer finish meanwhile."""
    run = session.get(Run, preview.run_id) if preview.run_id else None
    if run is not None:
        ledger.lock(run)
    session.refresh(preview)
    return preview.is_on_the_way


def take_preview_down(request: ProductRequest, *, by: User) -> None:
    """Take a request's preview off its address."""
    _may_take_down(by, request)
    take_down(request)
    record(request, ActivityType.PREVIEW, "took the preview down", by=by)


def _may_take_down(by: User, request: ProductRequest) -> None:
    if not permissions.can_take_down(by, request):
        raise NotAllowed("Only developers and admins stop previews.")


def take_down(request: ProductRequest) -> None:
    """End every preview of a request, whatever it was doing; its address answers 410 from then on."""
    with transaction():
        for preview in queries.open_previews(request):
            if preview.is_on_the_way:
                _stop(preview, "The request is over.")
            else:
                _end(preview, PreviewStatus.EXPIRED)
        request.preview_url = None


@job(queue="quick", deadline=60, attempts=5)
def remove_preview(preview_id: UUID) -> None:
    """Take a preview's process, files and address away; its log stays."""
    preview = session.get(Preview, preview_id, populate_existing=True)
    if preview is None or preview.is_on_the_way or preview.is_up:
        return
    with transaction():
        if not queries.open_previews(preview.request):  # else the address is another round's
            routes.remove(preview.label)
    serving.remove(preview.name)


def expire_previews() -> int:
    """Take down what nobody wanted to keep, or what came up as its request ended; called by the schedule."""
    overdue, orphaned = queries.overdue_previews(), queries.orphaned()
    for preview in overdue:
        with transaction():
            _end(preview, PreviewStatus.EXPIRED)
    for preview in orphaned:
        take_down(preview.request)
    return len(overdue) + len(orphaned)


def _stop(preview: Preview, reason: str) -> None:
    """Ask the work on a preview to stop; its end is written when it did."""
    with transaction():
        preview.error_message = reason
        run = session.get(Run, preview.run_id) if preview.run_id else None
        if run is not None and run.is_open:
            ledger.cancel(run)
        else:
            _end(preview, PreviewStatus.CANCELLED)


def _end(preview: Preview, status: PreviewStatus) -> None:
    with transaction():
        preview.move_to(status)
        preview.ended_at = now()
        remove_preview.later(preview.id, topic=preview.request_id)
        changed(str(preview.request_id))


def disagreements() -> list[str]:
    """Say where previews and the rest of the world differ."""
    return [f"Preview {preview.id} {line}" for preview in queries.unended() for line in _differences(preview)]


def _differences(preview: Preview) -> Iterator[str]:
    request, run = preview.request, queries.run_of(preview)
    if request.is_over and not (run is not None and ledger.is_ending(run)):
        yield f"is {preview.status}, but its request is {request.status}."
    if preview.is_on_the_way and (run is None or not run.is_open):
        yield f"is {preview.status}, but nothing works on it."
    if preview.is_up and ledger.is_overdue(preview.expires_at):
        yield f"is {preview.status}, but its time was over at {preview.expires_at:%H:%M:%S}."
    if preview.is_up:
        yield from serving.differences(place_of(preview), has_process=preview.instance_name is not None)
