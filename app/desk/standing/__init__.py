"""Where a request stands, for one person: one sentence, whose turn it is, and the one next thing to do."""

from collections.abc import Callable
from dataclasses import replace

from app.desk import words
from app.desk.standing.asking import dropped, from_guest, questions
from app.desk.standing.building import being_built, changes_asked, held_back, ready
from app.desk.standing.merging import being_merged, live
from app.desk.standing.parts import Standing, Step, Surroundings, look_around
from app.desk.standing.trying import to_be_tried
from app.requests.models import RequestStatus as S

__all__ = ["Standing", "Step", "Surroundings", "look_around", "standing_of"]

_SAYINGS: dict[S, Callable[[Surroundings], Standing]] = {
    S.DRAFT: questions,
    S.INTERVIEWING: questions,
    S.READY: ready,
    S.IN_DEVELOPMENT: being_built,
    S.IN_REVIEW: to_be_tried,
    S.CHANGES_REQUESTED: changes_asked,
    S.PR_OPEN: being_merged,
    S.MERGED: live,
    S.CANCELLED: dropped,
}


def standing_of(here: Surroundings) -> Standing:
    """Say where a request stands, to the person who looks at it."""
    said = _saying(here)(here)
    return replace(said, whose=said.whose or words.whose_turn(here.user, here.request))


def _saying(here: Surroundings) -> Callable[[Surroundings], Standing]:
    if here.request.needs_sorting and not here.request.is_over:
        return from_guest
    return held_back if words.is_held_back(here.request) else _SAYINGS[here.request.status]
