"""Ready to be built, being built, and once more because changes were asked for."""

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import words
from app.desk.standing.parts import CALM, QUICK, Standing, Step, Surroundings
from app.development.models import SessionStatus
from app.requests.models import TurnRole

_ENDED_BADLY = {SessionStatus.FAILED, SessionStatus.EXPIRED}


def ready(here: Surroundings) -> Standing:
    """Say that the work can start, or how it ended without a result."""
    if here.request.needs_yes:
        return _before_the_yes(here)
    steps = _start_steps(here, _("Start the work"))
    if here.may_edit and not here.request.edits:
        steps = (*steps, here.point)
    if here.session is not None and here.session.status in _ENDED_BADLY:
        return _after_failure(here, steps)
    if here.may_start:
        sentence, detail = _("It is clear what to build."), _("The work can start.")
    else:
        sentence, detail = _("It is clear what to build."), _("A developer starts the work next.")
    return Standing(
        sentence=sentence,
        detail=detail,
        tone="waiting" if words.is_turn_of(here.user, here.request) else "neutral",
        icon="circle-dot",
        steps=steps,
    )


def held_back(here: Surroundings) -> Standing:
    """Say what has to be over before the work can start."""
    first = here.request.waits_for[0]
    is_plainly_seen = first.project_id == here.request.project_id
    way = Step(label=_("Open #%(number)s", number=first.number), url=first.path, icon="arrow-right")
    return Standing(
        sentence=_("It waits for %(names)s.", names=words.names_of_blockers(here.request)),
        detail=_("It is clear what to build. Once that is merged or dropped, the work can start."),
        tone="neutral",
        icon="hourglass",
        steps=(way,) if is_plainly_seen else (),
        poll_seconds=CALM,
    )


def _before_the_yes(here: Surroundings) -> Standing:
    """Ask for the yes, or say whose it is; once it is said the work starts by itself."""
    named = here.request.turn_user
    if words.is_turn_of(here.user, here.request):
        yes = Step(
            label=_("Yes, build it"),
            url=f"{here.request.path}/yes",
            icon="thumbs-up",
            is_form=True,
            is_main=True,
        )
        return Standing(
            sentence=_("It is clear what to build. It needs your yes."),
            detail=_("Then the work starts by itself. If something speaks against it, say it below."),
            tone="waiting",
            icon="circle-dot",
            steps=(yes,),
        )
    if named is not None:
        sentence = _("It is clear what to build. %(name)s has to say yes first.", name=named.name)
    else:
        sentence = _("It is clear what to build. An admin has to say yes: who was named no longer can.")
    return Standing(
        sentence=sentence,
        detail=_("Then the work starts by itself."),
        tone="neutral",
        icon="circle-dot",
        poll_seconds=CALM,
    )


def changes_asked(here: Surroundings) -> Standing:
    """Say what should be different in the next round."""
    steps = _start_steps(here, _("Start the next round"))
    if here.may_edit and not here.request.edits:
        steps = (*steps, here.point)
    if here.session is not None and here.session.status in _ENDED_BADLY:
        return _after_failure(here, steps)
    return Standing(
        sentence=_("Changes were asked for."),
        detail=here.request.feedback,
        tone="waiting" if words.is_turn_of(here.user, here.request) else "neutral",
        icon="undo-2",
        steps=steps,
    )


def _start_steps(here: Surroundings, label: str) -> tuple[Step, ...]:
    """Offer to start the work, by the project's agent first and by a person besides."""
    if not here.may_start:
        return ()
    url = f"{here.request.path}/start"
    by_hand = here.request.project.default_agent == "person"
    agent = Step(
        label=_("Let the outline writer do it") if by_hand else label,
        url=url,
        icon="hammer",
        is_form=True,
        fields={"agent": "outline" if by_hand else here.request.project.default_agent},
        is_main=not by_hand,
    )
    if here.request.edits:
        n = len(here.request.edits)
        put_in = Step(
            label=ngettext("Put in %(num)s change", "Put in %(num)s changes", n),
            url=url,
            icon="mouse-pointer-click",
            is_form=True,
            fields={"agent": "touch-up"},
            is_main=True,
        )
        return (
            put_in,
            Step(label=_("Look at them"), url=f"{here.request.path}/touch-up", icon="list-checks"),
        )
    if not here.may_build:
        return (agent,)
    person = Step(
        label=label if by_hand else _("Do it by hand"),
        url=url,
        icon="user",
        is_form=True,
        fields={"agent": "person"},
        is_main=by_hand,
    )
    return (person, agent) if by_hand else (agent, person)


def _after_failure(here: Surroundings, steps: tuple[Step, ...]) -> Standing:
    session = here.session
    if here.may_build and session is not None:
        detail = " ".join(part for part in (session.error_message, session.error_suggestion) if part)
    else:
        detail = _("Nothing is lost. A developer looks after it.")
    if here.may_start:
        steps = (replace(steps[0], label=_("Try again"), icon="rotate-cw"), *steps[1:])
    return Standing(
        sentence=_("The work ended without a result."),
        detail=detail,
        tone="failed",
        icon="circle-x",
        steps=steps,
    )


def being_built(here: Surroundings) -> Standing:
    """Say that it is built by itself, or whose commits it waits for."""
    work = f"{here.request.path}/work"
    if here.request.turn_role is not TurnRole.DEVELOPER:
        watch = Step(label=_("Watch the work"), url=work, icon="hammer")
        return Standing(
            sentence=_("It is being built."),
            detail=_("Round %(n)s. You can leave this page; it goes on.", n=here.request.round),
            tone="running",
            icon="loader-circle",
            steps=(watch,) if here.may_build else (),
            poll_seconds=QUICK,
        )
    builder = here.request.turn_user.name if here.request.turn_user else _("A developer")
    if here.may_build:
        push = Step(label=_("See how to hand it over"), url=work, icon="git-branch", is_main=True)
        return Standing(
            sentence=_("It waits for commits on %(branch)s.", branch=here.request.working_branch),
            detail=_("A push is enough; what can be tried follows by itself."),
            tone="waiting" if words.is_turn_of(here.user, here.request) else "neutral",
            icon="git-branch",
            steps=(push,),
            poll_seconds=CALM,
        )
    return Standing(
        sentence=_("%(name)s is building it.", name=builder),
        detail=_("You will be asked to try it."),
        tone="running",
        icon="hammer",
        poll_seconds=CALM,
    )
