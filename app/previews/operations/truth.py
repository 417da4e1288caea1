"""Where previews and the rest of the world differ."""

from collections.abc import Iterator

from app.core import ledger
from app.engine import serving
from app.previews import queries
from app.previews.models import Preview
from app.previews.operations.branches import branch_disagreements
from app.previews.operations.places import place_of, round_place_of


def disagreements() -> list[str]:
    """Say where previews and the rest of the world differ."""
    lines = [
        f"Preview {preview.id} {line}" for preview in queries.unended() for line in _differences(preview)
    ]
    return [*lines, *branch_disagreements()]


def _differences(preview: Preview) -> Iterator[str]:
    request, run = preview.request, queries.run_of(preview)
    if request.is_over and not (run is not None and ledger.is_ending(run)):
        yield f"is {preview.status}, but its request is {request.status}."
    if preview.is_on_the_way and (run is None or not run.is_open):
        yield f"is {preview.status}, but nothing works on it."
    if preview.is_up and ledger.is_overdue(preview.expires_at):
        yield f"is {preview.status}, but its time was over at {preview.expires_at:%H:%M:%S}."
    if preview.is_up:
        has_process = preview.instance_name is not None
        place = place_of(preview) if queries.is_on_show(preview) else round_place_of(preview)
        yield from serving.differences(place, has_process=has_process)
