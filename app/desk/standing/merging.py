"""Accepted, being merged, going live, live."""

from dataclasses import replace

from flask_babel import gettext as _

from app.apps.models import ON_THE_WAY as DEPLOYING
from app.apps.models import DeployStatus
from app.desk import words
from app.desk.standing.parts import QUICK, Standing, Step, Surroundings

_MOST_NAMED = 3


def accepted(here: Surroundings) -> Standing:
    """Say who accepted it, and that it can go live."""
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
        detail=_("A developer puts it live next.") if not here.may_build else _("It can go live."),
        tone="ready",
        icon="thumbs-up",
        steps=steps,
    )


def _merge_step(here: Surroundings) -> Step:
    return Step(
        label=_("Merge it"),
        url=f"{here.request.path}/merge",
        icon="git-merge",
        is_form=True,
        asks=_("It goes into %(branch)s, and live with it.", branch=here.request.project.default_branch),
        is_main=True,
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
                Step(label=_("See them"), url=f"{here.request.path}/work", icon="file-diff", is_main=True),
            ),
        )
    return Standing(
        sentence=_("It is accepted and merges without conflicts."),
        tone="ready",
        icon="git-merge",
        steps=(_merge_step(here),),
    )


def live(here: Surroundings) -> Standing:
    """Say that it is live, or on its way there."""
    page = Step(label=_("See how it goes"), url=f"{here.request.project.path}/live", icon="rocket")
    if here.deploy is not None and here.deploy.status in DEPLOYING:
        return Standing(
            sentence=_("It is accepted, and going live now."),
            tone="running",
            icon="loader-circle",
            steps=(page,),
            poll_seconds=QUICK,
            whose=_("Greenroom is at it"),
        )
    if here.deploy is not None and here.deploy.status is DeployStatus.FAILED:
        return Standing(
            sentence=_("It is accepted, but did not go live."),
            detail=here.deploy.error_message
            if here.may_build
            else _("What was live before still is. A developer looks after it."),
            tone="failed",
            icon="circle-x",
            steps=(replace(page, label=_("See why"), is_main=True),) if here.may_build else (),
            whose=words.developers_turn(here.user, here.request),
        )
    steps: tuple[Step, ...] = ()
    if here.app is not None and here.app.live_deploy_id is not None:
        steps = (
            Step(label=_("See it live"), url=here.app.url, icon="external-link", leaves=True, is_main=True),
        )
    return Standing(
        sentence=_("It is live.") if steps else _("It is done, and part of the main version."),
        detail=None if here.is_own else _("%(name)s asked for it.", name=here.asker),
        tone="ready",
        icon="circle-check",
        steps=steps,
    )
