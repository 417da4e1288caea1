"""Pushed branches that nobody asked for: shown, taken down, and made requests of."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Conflict, Failed, NotAllowed
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.engine import routes, serving
from app.engine.instances import InstanceMoved, InstanceState, why_it_failed
from app.engine.serving import Place
from app.previews import queries
from app.previews.models import BranchPreview, PreviewStatus
from app.previews.operations.builds import start_preview
from app.previews.operations.places import as_set_up
from app.projects.models import Project
from app.projects.operations import leave_room_to_build
from app.projects.permissions import can_develop
from app.projects.queries import repository_of
from app.requests.models import ProductRequest
from app.requests.operations import adopt_branch

MOST_BRANCHES = 5  # of one project that are shown at once
DAYS_SHOWN = 7
S = PreviewStatus


def show_branch(project: Project, branch: str, commit: str | None, *, by: User | None) -> None:
    """Show the new tip of a branch that nobody asked for; what is gone or was asked for is taken down."""
    with transaction():
        _take_down(project, branch, "The branch was deleted." if commit is None else None)
        wanted = project.shows_branches and not project.is_archived and queries.is_unasked(project, branch)
        if commit is not None and wanted:
            _begin(project, branch, commit, by=by)
            _make_room(project)


def build_branch_again(project: Project, branch: str, *, by: User) -> BranchPreview:
    """Build the tip of a branch that nobody asked for."""
    _may_develop(by, project)
    head = _unasked_head(project, branch)
    leave_room_to_build(project)
    with transaction():
        _take_down(project, branch, None)
        made = _begin(project, branch, head, by=by)
        _make_room(project)
    return made


def make_request_of(project: Project, branch: str, *, by: User, title: str) -> ProductRequest:
    """File a request for what a branch holds already: whoever pushed it is asked to try it."""
    _may_develop(by, project)
    head = _unasked_head(project, branch)
    shown = queries.branch_preview(project, branch)
    pusher = shown.pushed_by if shown is not None and shown.pushed_by is not None else by
    with transaction():
        request = adopt_branch(project, branch, head, requester=pusher, title=title, by=by)
        _take_down(project, branch, f"It is request #{request.number} now.")
        start_preview(request, by=None)
    return request


def tell_pusher(project: Project, notes: dict[str, str]) -> None:
    """Add what a pusher reads of previews: how long one takes, and the address of a branch of its own."""
    typical = queries.typical_seconds(project.id)
    when = f"\n  Usually ready within {max(1, round(typical))} s" if typical else ""
    for branch in notes.keys() - {"*", project.default_branch}:
        notes[branch] += when
    if project.shows_branches:
        place = f"{project.url}/branches"
        has_names = not installation().preview_ports
        shown = installation().preview_url(queries.label_of(project, queries.MARK)) if has_names else place
        notes["*"] = (
            f"Greenroom: nobody asked for this branch yet.\n  Preview: {shown}{when}\n"
            f"  Make a request of it: {place}"
        )


def _begin(project: Project, branch: str, commit: str, *, by: User | None) -> BranchPreview:
    preview = BranchPreview(
        project=project,
        commit_sha=commit,
        branch_name=branch,
        label=queries.label_of(project, queries.mark_of(branch)),
        pushed_by=by,
        expires_at=now() + timedelta(days=DAYS_SHOWN),
    )
    session.add(preview)
    session.flush()  # its run refers to it
    serving.announce(place_of_branch(preview))
    preview.run_id = build_branch.later(preview.id, topic=project.id).id
    return preview


def _make_room(project: Project) -> None:
    shown = queries.open_branch_previews(project)
    for preview in shown[: max(0, len(shown) - MOST_BRANCHES)]:
        _let_end(preview, f"{MOST_BRANCHES} newer branches of this project are shown instead.")


def place_of_branch(preview: BranchPreview) -> Place:
    """Return where a branch is served; it has no bar, since there is nothing to accept."""
    project = preview.project
    place = f"{project.url}/branches"
    return Place(
        label=preview.label,
        name=preview.name,
        purpose="branch",
        subject_id=str(preview.id),
        project_id=project.id,
        organization_id=project.organization_id,
        status_url=place,
    )


@job(queue="build", deadline=900, attempts=2)
def build_branch(preview_id: UUID) -> None:
    """Turn a branch's commit into something that answers at its address."""
    run = ledger.current()
    with transaction():
        preview = session.get(BranchPreview, preview_id, populate_existing=True)
        if preview is None or not preview.is_on_the_way:
            return
        preview.move_to(S.BUILDING)
    project = preview.project
    leave_room_to_build(project)
    repository, place = repository_of(project), as_set_up(place_of_branch(preview), project)
    let_go()

    prepared = serving.prepare(
        repository, preview.commit_sha, place, report=run.report, cancelled=lambda: run.is_cancelled
    )
    serving.start(place, prepared, report=run.report, cancelled=lambda: run.is_cancelled)
    with transaction():
        run.settle()
        session.refresh(preview)
        if not preview.is_on_the_way:
            raise Cancelled
        preview.move_to(S.STARTING)
        preview.move_to(S.READY)
        preview.ready_at = now()
        preview.instance_name = None if prepared.built.serve == "static" else place.name
        serving.point(place, prepared)
        changed(f"branches:{project.id}")


@ledger.when_ended("previews.build_branch")
def _note_end(run: Run) -> None:
    """Let a branch's preview end with the run that built it, for the same reason."""
    preview = session.get(BranchPreview, UUID(run.subject_id), populate_existing=True)
    if preview is None or not preview.is_on_the_way:
        return
    if run.state is RunState.CANCELLED:
        _end(preview, S.CANCELLED)
        return
    _fail(
        preview,
        Failed(
            run.error_code or "failed",
            run.error_message or "It did not work.",
            run.error_suggestion,
            run.error_lines or [],
        ),
    )


def follow_branch_instance(instance: InstanceMoved) -> None:
    """Hear from the keeper that a branch's process is down for good."""
    if instance.purpose != "branch" or instance.state is not InstanceState.FAILED:
        return
    preview = session.get(BranchPreview, UUID(instance.subject_id), populate_existing=True)
    if preview is not None and preview.is_up:
        _fail(preview, why_it_failed(instance.label))


def settle_branches() -> int:
    """Take down what is over: deleted or asked for meanwhile, out of time, without files; by the schedule."""
    over = [(preview, why) for preview in queries.open_branch_previews() if (why := _why_over(preview))]
    for preview, why in over:
        _let_end(preview, why)
    return len(over)


def _why_over(preview: BranchPreview) -> str | None:
    project = preview.project
    if repository_of(project).head(preview.branch_name) is None:
        return "The branch was deleted."
    if not queries.is_unasked(project, preview.branch_name):
        return "A request works on this branch now."
    if project.is_archived or not project.shows_branches:
        return "Branches of this project are not shown any more."
    if preview.expires_at < now():
        return "Its time was over. It can be built again."
    is_there = not preview.is_up or (installation().checkouts / preview.name).is_dir()
    return None if is_there else "Its files are gone. It can be built again."


def _take_down(project: Project, branch: str, note: str | None) -> None:
    preview = queries.branch_preview(project, branch)
    if preview is not None and preview.is_open:
        _let_end(preview, note)


def _let_end(preview: BranchPreview, note: str | None) -> None:
    with transaction():
        preview.note = note
        run = session.get(Run, preview.run_id) if preview.run_id else None
        if preview.is_on_the_way and run is not None and run.is_open:
            ledger.cancel(run)
        elif preview.is_open:
            _end(preview, S.EXPIRED)


def _fail(preview: BranchPreview, failed: Failed) -> None:
    with transaction():
        preview.error_code, preview.error_message = failed.code, failed.message
        preview.error_suggestion, preview.error_lines = failed.suggestion, failed.lines
        _end(preview, S.FAILED)


def _end(preview: BranchPreview, status: PreviewStatus) -> None:
    with transaction():
        preview.move_to(status)
        preview.ended_at = now()
        remove_branch.later(preview.id, topic=preview.project_id)
        changed(f"branches:{preview.project_id}")


@job(queue="quick", deadline=60, attempts=5)
def remove_branch(preview_id: UUID) -> None:
    """Take a branch's process, files and address away; its log stays."""
    preview = session.get(BranchPreview, preview_id, populate_existing=True)
    if preview is None or preview.is_open:
        return
    newest = queries.branch_preview(preview.project, preview.branch_name)
    is_replaced = newest is not None and newest.is_open
    with transaction():
        if not is_replaced or serving.leads_to(preview.label, preview.name):
            routes.remove(preview.label, preview.note or preview.error_message)
    serving.remove(preview.name)


def branch_disagreements() -> Iterator[str]:
    """Say where the branches that are shown and the rest of the world differ."""
    for preview in queries.open_branch_previews():
        run = session.get(Run, preview.run_id, populate_existing=True) if preview.run_id else None
        name = f"The preview of branch {preview.branch_name}"
        if preview.is_on_the_way and (run is None or not run.is_open):
            yield f"{name} is {preview.status}, but nothing works on it."
        if preview.is_up:
            has_process = preview.instance_name is not None
            place = place_of_branch(preview)
            yield from (f"{name} {line}" for line in serving.differences(place, has_process=has_process))


def _unasked_head(project: Project, branch: str) -> str:
    head = repository_of(project).head(branch)
    if head is None:
        raise Conflict(f"There is no branch {branch} any more.")
    if not queries.is_unasked(project, branch):
        raise Conflict(f"{branch} belongs to a request already, or is what goes live.")
    return head


def _may_develop(by: User, project: Project) -> None:
    if not can_develop(by, project):
        raise NotAllowed("Only developers and admins do this with branches.")
