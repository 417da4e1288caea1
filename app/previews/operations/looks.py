"""A look at a preview that is up, by a machine. Nothing waits for it, and it gives way to builds."""

import time
from uuid import UUID

from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled
from app.core.jobs import job
from app.core.ledger import Run, RunHandle, RunState
from app.previews import checks, queries
from app.previews.checks import Check
from app.previews.models import Preview, PreviewStatus

_QUEUE = "build"
_MOST_GIVEN_WAY = 3
_LOOK_SECONDS = 0.4
_SLEEPS = "it was put to sleep, and a look wakes nothing."


def check(preview: Preview) -> None:
    """Have a machine look at a preview that has just come up."""
    with transaction():
        preview.checks = {"state": "waiting", "results": [], "gaveWay": 0}
        check_preview.later(preview.id, topic=preview.request_id)


@job(queue=_QUEUE, deadline=150, attempts=2)
def check_preview(preview_id: UUID) -> None:
    """Look at a preview as a visitor would, and write down what was found."""
    run = ledger.current()
    preview = session.get(Preview, preview_id, populate_existing=True)
    if preview is None or not preview.is_being_checked:
        return
    if not preview.is_up:
        _write(preview, checks.none_of_them("it was taken down before it was looked at."))
        return
    label, name, folder = preview.label, preview.name, preview.look_folder
    seconds = (preview.build_duration_ms or 0) / 1000 if preview.instance_name else None
    patient = _Patience(run, gave_way=preview.times_given_way)
    let_go()

    pictures: dict[str, bytes] = {}
    try:
        found = checks.look_at(
            label, folder, seconds=seconds, keep=pictures.__setitem__, cancelled=patient.is_over
        )
    except Cancelled:
        run.check()
        _give_way(preview)
        return
    with transaction():
        run.settle()
        session.refresh(preview)
        if _sleeps(preview):
            found, pictures = checks.none_of_them(_SLEEPS), {}
        for window, data in pictures.items():
            checks.picture_path(name, window).write_bytes(data)
        _write(preview, found, pictures=list(pictures))


def _sleeps(preview: Preview) -> bool:
    return queries.states_of([preview])[preview.id] is PreviewStatus.ASLEEP


class _Patience:
    """Tells when to stop looking: somebody says so, or something waits to be built."""

    def __init__(self, run: RunHandle, *, gave_way: int) -> None:
        self._run = run
        self._gives_way = gave_way < _MOST_GIVEN_WAY
        self._next = 0.0

    def is_over(self) -> bool:
        if self._run.is_cancelled:
            return True
        if not self._gives_way or time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + _LOOK_SECONDS
        waits = ledger.is_waited_for(_QUEUE, but=check_preview.kind)
        let_go()
        return waits


def _give_way(preview: Preview) -> None:
    with transaction():
        session.refresh(preview)
        preview.checks = {**(preview.checks or {}), "gaveWay": preview.times_given_way + 1}
        check_preview.later(preview.id, topic=preview.request_id)


def _write(preview: Preview, found: list[Check], *, pictures: list[str] | None = None) -> None:
    with transaction():
        results = [each.as_dict() for each in found]
        preview.checks = {"state": "done", "results": results, "pictures": pictures or []}
        preview.checked_at = now()
        changed(str(preview.request_id))


@ledger.when_ended("previews.check_preview")
def _note_end(run: Run) -> None:
    """Say of a look that came to nothing why it did."""
    preview = session.get(Preview, UUID(run.subject_id), populate_existing=True)
    if preview is None or not preview.is_being_checked:
        return
    reason = "it was stopped." if run.state is RunState.CANCELLED else run.error_message or "it did not work."
    _write(preview, checks.none_of_them(reason))
