"""How a preview ends: it failed, was cancelled or taken down, or its time was over."""

from uuid import UUID

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Failed, NotAllowed
from app.core.events import announce
from app.core.jobs import job
from app.core.ledger import Run
from app.engine import routes, serving
from app.previews import permissions, queries
from app.previews.events import PreviewFailed
from app.previews.models import Preview, PreviewStatus
from app.requests.models import ActivityType, ProductRequest
from app.requests.operations import record


def fail(preview: Preview, failed: Failed) -> None:
    """Write why a preview is not there, and tell."""
    with transaction():
        preview.error_code = failed.code
        preview.error_message = failed.message
        preview.error_suggestion = failed.suggestion
        preview.error_lines = failed.lines
        end(preview, PreviewStatus.FAILED)
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
        stop(preview, "Cancelled.")
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
                stop(preview, "The request is over.")
            else:
                end(preview, PreviewStatus.EXPIRED)
        for link in queries.open_links(request):
            link.revoked_at = now()
        request.preview_url = None


@job(queue="quick", deadline=60, attempts=5)
def remove_preview(preview_id: UUID) -> None:
    """Take a preview's process, files and address away; its log and its pictures stay."""
    preview = session.get(Preview, preview_id, populate_existing=True)
    if preview is None or preview.is_on_the_way or preview.is_up:
        return
    with transaction():
        is_last = not queries.open_previews(preview.request)  # else the address may be another round's
        for label in (preview.label, preview.own_label):
            if is_last or serving.leads_to(label, preview.name):
                routes.remove(label, _why_it_is_gone(preview))
    serving.remove(preview.name)


def _why_it_is_gone(preview: Preview) -> str | None:
    request = preview.request
    if request.is_over:
        return f"#{request.number} is {request.status}, and what could be tried of it is gone."
    if preview.status is PreviewStatus.FAILED:
        return f"The preview failed: {preview.error_message}"
    return preview.note


def expire_previews() -> int:
    """Take down what nobody wanted to keep, or what came up as its request ended; called by the schedule."""
    overdue, orphaned = queries.overdue_previews(), queries.orphaned()
    for preview in overdue:
        with transaction():
            preview.note = "Its time was over. It can be built again."
            end(preview, PreviewStatus.EXPIRED)
    for preview in orphaned:
        take_down(preview.request)
    return len(overdue) + len(orphaned)


def stop(preview: Preview, reason: str) -> None:
    """Ask the work on a preview to stop; its end is written when it did."""
    with transaction():
        preview.error_message = reason
        run = session.get(Run, preview.run_id) if preview.run_id else None
        if run is not None and run.is_open:
            ledger.cancel(run)
        else:
            end(preview, PreviewStatus.CANCELLED)


def end(preview: Preview, status: PreviewStatus) -> None:
    with transaction():
        preview.move_to(status)
        preview.ended_at = now()
        remove_preview.later(preview.id, topic=preview.request_id)
        changed(str(preview.request_id))
