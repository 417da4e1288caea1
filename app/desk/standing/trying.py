"""Built: something to try, on its way to be, or not to be had."""

from dataclasses import replace

from flask_babel import gettext as _

from app.desk import words
from app.desk.standing.merging import accepted
from app.desk.standing.parts import QUICK, Standing, Step, Surroundings
from app.previews.models import ON_THE_WAY, PreviewStatus
from app.previews.permissions import can_start_preview


def to_be_tried(here: Surroundings) -> Standing:
    """Say whether there is something to try, and how to get to it."""
    status = here.preview_status
    if here.request.is_accepted:
        return accepted(here)
    if status in ON_THE_WAY:
        return Standing(
            sentence=_("It was built, and is being made ready to try."),
            detail=here.preview["message"] if here.may_build else None,
            tone="running",
            icon="loader-circle",
            steps=(Step(label=_("Watch it"), url=f"{here.request.path}/preview", icon="monitor"),),
            poll_seconds=QUICK,
            whose=_("Greenroom is at it"),
        )
    if here.preview["previewUrl"]:
        return _ready_to_try(here)
    return _nothing_to_try(here, status)


def _ready_to_try(here: Surroundings) -> Standing:
    path, url = here.request.path, here.preview["previewUrl"]
    look = Step(label=_("Open the preview"), url=url, icon="external-link", leaves=True, is_main=True)
    if not here.may_edit:
        sentence = _("It is ready to try. %(name)s decides.", name=here.asker)
        return Standing(sentence=sentence, tone="ready", icon="play", steps=(look,))
    accept = Step(
        label=_("Accept it"), url=f"{path}/accept?commit={here.request.commit_sha}", icon="thumbs-up"
    )
    change = Step(label=_("Change something"), url=f"{path}/change", icon="pencil")
    return Standing(
        sentence=_("It is ready to try."),
        detail=_("Look at it, then accept it or say what should be different.")
        if here.is_own
        else _("%(name)s is asked to try it; you can, too.", name=here.asker),
        tone="ready",
        icon="play",
        steps=(look, accept, change),
    )


def _nothing_to_try(here: Surroundings, status: PreviewStatus) -> Standing:
    path = f"{here.request.path}/preview"
    may_build_it = can_start_preview(here.user, here.request) and here.request.commit_sha is not None
    again = Step(label=_("Build it again"), url=path, icon="rotate-cw", is_form=True, is_main=True)
    if status is PreviewStatus.FAILED:
        reason = (here.preview["error"] or {}).get("message")
        see = Step(label=_("See why"), url=path, icon="scroll-text", is_main=here.may_build)
        retry = replace(again, is_main=not here.may_build)
        return Standing(
            sentence=_("It was built, but could not be made ready to try."),
            detail=reason if here.may_build else _("The change itself is safe. A developer looks after it."),
            tone="failed",
            icon="circle-x",
            steps=((see, retry) if here.may_build else (retry,)) if may_build_it else (),
            whose=words.developers_turn(here.user, here.request),
        )
    sentence = {
        PreviewStatus.CANCELLED: _("It was built; making it ready to try was stopped."),
        PreviewStatus.EXPIRED: _("It was built; what you could try was put away."),
    }.get(status, _("It was built, and is not running anywhere yet."))
    label = _("Make it ready to try") if status is PreviewStatus.NOT_STARTED else _("Build it again")
    return Standing(
        sentence=sentence,
        tone="neutral",
        icon="monitor",
        steps=(replace(again, label=label, icon="play"),) if may_build_it else (),
    )
