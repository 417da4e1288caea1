"""Accepted, being merged, going live, live, undone."""

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import words
from app.desk.standing.parts import QUICK, Standing, Step, Surroundings
from app.requests.models import Delivery

_MOST_NAMED = 3


def accepted(here: Surroundings) -> Standing:
    """Say who accepted it, and that it can go live."""
    if here.may_build and here.merging.state == "conflicting":
        return _in_the_way(here)
    who = here.request.approved_by.name if here.request.approved_by else here.asker
    sentence = (
        _("You accepted it.")
        if here.request.approved_by_id == here.user.id
        else _("%(name)s accepted it.", name=who)
    )
    steps: tuple[Step, ...] = ()
    if here.may_build:
        steps = (_merge_step(here),)
    elif here.preview["previewUrl"]:
        url = here.preview["previewUrl"]
        steps = (Step(label=_("Open the preview"), url=url, icon="external-link", leaves=True),)
    return Standing(
        sentence=sentence,
        detail=(_remarks(here) or _("It can go live."))
        if here.may_build
        else _("A developer puts it live next."),
        tone="ready",
        icon="thumbs-up",
        steps=steps,
    )


def _remarks(here: Surroundings) -> str | None:
    """Say how many remarks on its lines nobody has settled."""
    if not here.open_remarks:
        return None
    return str(
        ngettext(
            "%(num)s remark on its lines is open.",
            "%(num)s remarks on its lines are open.",
            here.open_remarks,
        )
    )


def _merge_step(here: Surroundings) -> Step:
    branch = here.request.project.default_branch
    by_itself = here.request.project.auto_deploy
    return Step(
        label=_("Merge it"),
        url=f"{here.request.path}/merge",
        icon="git-merge",
        is_form=True,
        asks=_("It goes into %(branch)s, and live with it.", branch=branch)
        if by_itself
        else _("It goes into %(branch)s. Putting it live is a step of its own here.", branch=branch),
        is_main=True,
    )


def _in_the_way(here: Surroundings) -> Standing:
    """Name the files that keep it from being merged."""
    named = ", ".join(here.merging.conflicts[:_MOST_NAMED])
    if len(here.merging.conflicts) > _MOST_NAMED:
        named += " …"
    return Standing(
        sentence=_("It does not merge by itself."),
        detail=_(
            "Changed on both sides: %(files)s. Merge %(base)s into %(branch)s, settle them and push.",
            files=named,
            base=here.request.project.default_branch,
            branch=here.request.working_branch,
        ),
        tone="failed",
        icon="git-merge",
        steps=(
            Step(label=_("See how"), url=f"{here.request.path}/work#merging", icon="file-diff", is_main=True),
        ),
    )


def being_merged(here: Surroundings) -> Standing:
    """Say whether it merges, and what stands in the way."""
    if not here.may_build:
        return Standing(
            sentence=_("It was accepted and is on its way to be live."),
            tone="running",
            icon="git-merge",
        )
    if here.pull is not None and here.pull.is_being_merged:
        return Standing(
            sentence=_("It is being merged."), tone="running", icon="loader-circle", poll_seconds=QUICK
        )
    if here.merging.state == "conflicting":
        return _in_the_way(here)
    return Standing(
        sentence=_("It is accepted and merges without conflicts."),
        detail=_remarks(here),
        tone="ready",
        icon="git-merge",
        steps=(_merge_step(here),),
    )


def live(here: Surroundings) -> Standing:
    """Say since when it is live, or how far it is on its way there."""
    far = here.request.delivery
    if far is Delivery.UNDER_WAY:
        return Standing(
            sentence=_("It is being put live."),
            detail=here.deploy_message if here.may_build else None,
            tone="running",
            icon="loader-circle",
            steps=(_see_live(here, _("See how it goes")),),
            poll_seconds=QUICK,
        )
    if far is Delivery.FAILED:
        return _not_live(here, _("It is merged, but did not go live."), _("Try again"))
    if far is Delivery.HELD:
        return _not_live(here, _("It is merged, and not live."), _("Put it live"))
    return _undone(here) or _live(here)


def _see_live(here: Surroundings, label: str) -> Step:
    return Step(label=label, url=f"{here.request.project.path}/live", icon="rocket")


def _not_live(here: Surroundings, sentence: str, label: str) -> Standing:
    has_failed = here.request.delivery is Delivery.FAILED
    if not here.may_build:
        detail = _("What was live before still is. A developer looks after it.")
    elif has_failed:
        detail = (here.deploy.error_message if here.deploy else None) or _("It did not work.")
    elif not here.request.project.auto_deploy:
        detail = _("In this project a developer puts live what is merged.")
    else:
        detail = _("What is live now does not hold it.")
    again = Step(
        label=label, url=f"{here.request.project.path}/live", icon="rocket", is_form=True, is_main=True
    )
    steps = (
        (again, _see_live(here, _("See why") if has_failed else _("What is live"))) if here.may_build else ()
    )
    return Standing(
        sentence=sentence,
        detail=detail,
        tone="failed"
        if has_failed
        else "waiting"
        if words.is_turn_of(here.user, here.request)
        else "neutral",
        icon="circle-x" if has_failed else "git-merge",
        steps=(*steps, *_undo_step(here)),
    )


def _undone(here: Surroundings) -> Standing | None:
    """Say that another request takes it out again, or did."""
    other = here.undone_by
    if other is None:
        return None
    see = Step(label=_("See #%(number)s", number=other.number), url=other.path, icon="undo-2", is_main=True)
    if other.delivery is Delivery.LIVE:
        return Standing(
            sentence=_("It was live, and was taken out again."), tone="neutral", icon="undo-2", steps=(see,)
        )
    return replace(_live(here), detail=_("#%(number)s undoes it.", number=other.number), steps=(see,))


def _live(here: Surroundings) -> Standing:
    is_up = here.app is not None and here.app.live_deploy_id is not None
    if not is_up:
        return Standing(
            sentence=_("It was put live, but the app does not run now."),
            detail=None if here.may_build else _("A developer looks after it."),
            tone="failed",
            icon="circle-x",
            steps=(_see_live(here, _("See why")),) if here.may_build else (),
            whose=words.developers_turn(here.user, here.request),
        )
    url = here.app.url if here.app is not None else ""
    look = Step(label=_("See it live"), url=url, icon="external-link", leaves=True, is_main=True)
    return Standing(
        sentence=_("It is live."),
        live_since=here.request.live_at,
        detail=None if here.is_own else _("%(name)s asked for it.", name=here.asker),
        tone="ready",
        icon="circle-check",
        steps=(look, *_undo_step(here)),
    )


def _undo_step(here: Surroundings) -> tuple[Step, ...]:
    if not here.may_undo:
        return ()
    return (
        Step(
            label=_("Undo it"),
            url=f"{here.request.path}/undoing",
            icon="undo-2",
            is_form=True,
            asks=_("A new request takes it out again. You try that like any other before it goes live."),
        ),
    )
