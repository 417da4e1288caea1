"""Care for a preview that is up: let it sleep, keep it awake, start it anew, let it stay longer."""

from datetime import timedelta

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import Conflict, Failed, NotAllowed
from app.core.installation import installation
from app.engine import instances
from app.previews import permissions, queries
from app.previews.models import Preview
from app.previews.operations.builds import DAYS_UP, start_preview
from app.previews.operations.endings import fail
from app.requests.models import ActivityType, ProductRequest
from app.requests.operations import record


def put_to_sleep(request: ProductRequest, *, by: User) -> Preview:
    """End the preview's process until somebody opens it."""
    preview, name = _with_process(request, by)
    with transaction():
        preview.keeps_awake = False
        preview.note = f"{by.name} put it to sleep."
        instances.let_sleep_after(name, _idle_seconds(preview))
        instances.sleep(name)
        _tell(preview, "put the preview to sleep", by)
    return preview


def restart(request: ProductRequest, *, by: User) -> Preview:
    """Start the preview's process anew, from what was built."""
    preview, name = _with_process(request, by)
    with transaction():
        preview.note = None
        instances.restart(name)
        _tell(preview, "restarted the preview", by)
    return preview


def keep_awake(request: ProductRequest, *, by: User, awake: bool) -> Preview:
    """Let the preview's process run though nobody looks, or let it sleep again when it is idle."""
    preview, name = _with_process(request, by)
    with transaction():
        preview.keeps_awake, preview.note = awake, None
        instances.let_sleep_after(name, None if awake else _idle_seconds(preview))
        if awake:
            instances.wake(name)
        _tell(preview, "keeps the preview awake" if awake else "lets the preview sleep when it is idle", by)
    return preview


def extend(request: ProductRequest, *, by: User) -> Preview:
    """Let a preview stay up as long as a new one would, from now on."""
    preview = _tended(request, by)
    with transaction():
        preview.expires_at = now() + timedelta(days=DAYS_UP)
        _tell(preview, f"lets the preview stay until {preview.expires_at:%d %B}", by)
    return preview


def _with_process(request: ProductRequest, by: User) -> tuple[Preview, str]:
    preview = _tended(request, by)
    if preview.instance_name is None:
        raise Conflict("These are plain files: no process runs, so there is none to sleep or to start.")
    return preview, preview.instance_name


def _tended(request: ProductRequest, by: User) -> Preview:
    if not permissions.can_tend(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can do this with its preview.")
    preview = queries.latest_preview(request)
    if preview is None or not preview.is_up:
        raise Conflict("There is no preview up just now. Build it first.")
    return preview


def _idle_seconds(preview: Preview) -> int:
    return int((preview.plan or {}).get("idle") or installation().idle_seconds)


def _tell(preview: Preview, words: str, by: User) -> None:
    record(preview.request, ActivityType.PREVIEW, words, by=by)
    changed(str(preview.request_id))


# --- by itself -------------------------------------------------------------------------------------------


def keep_within_bounds() -> int:
    """Let those sleep that were visited longest ago where a project runs too many; called by the schedule."""
    slept = 0
    for previews in queries.awake_by_project().values():
        most = previews[0].request.project.most_previews
        for preview in previews[: max(0, len(previews) - most)]:
            with transaction():
                preview.note = f"It sleeps since at most {most} previews of this project run at once."
                instances.sleep(str(preview.instance_name))
                changed(str(preview.request_id))
            slept += 1
    return slept


def rebuild_what_is_missing() -> int:
    """Build again what is up though its files were taken away; called by the schedule."""
    missing = queries.without_files()
    for preview in missing:
        newest = queries.latest_preview(preview.request)
        fail(preview, Failed("files_missing", "The files that it served are gone.", "It is built again."))
        if newest is not None and newest.id == preview.id:
            start_preview(preview.request, by=None, commit=preview.commit_sha, force=True)
    return len(missing)
