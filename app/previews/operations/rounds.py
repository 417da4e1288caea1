"""The rounds before: they sleep at addresses of their own, and the oldest are put away."""

from app.core.errors import Failed
from app.engine import instances, routes, serving
from app.previews import queries
from app.previews.models import Preview, PreviewStatus
from app.previews.operations.endings import end
from app.previews.operations.places import bar_of_older

KEPT = 3  # rounds that stay to be looked at, the newest among them


def let_stand_back(preview: Preview) -> None:
    """Make way for a round that comes up; call it before the request's address leads to that one."""
    kept = {preview.round}
    for other in queries.open_previews_up(preview.request):
        if other.id == preview.id:
            continue
        if other.round in kept:
            end(other, PreviewStatus.EXPIRED)
        elif len(kept) == KEPT:
            other.note = f"Round {other.round} was put away: the last {KEPT} rounds are kept."
            end(other, PreviewStatus.EXPIRED)
        else:
            kept.add(other.round)
            _stand_back(other)


def _stand_back(preview: Preview) -> None:
    """Let a round that was on show be found at an address of its own, asleep."""
    if not serving.leads_to(preview.label, preview.name):
        return  # it stood back already
    try:
        routes.keep_at(preview.label, preview.own_label, bar=bar_of_older(preview))
    except Failed as trouble:
        preview.note = f"Round {preview.round} was put away: {trouble.message}"
        end(preview, PreviewStatus.EXPIRED)
        return
    if preview.instance_name is not None:
        preview.keeps_awake = False
        instances.sleep(preview.instance_name)
