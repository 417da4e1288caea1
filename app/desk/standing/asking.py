"""Before and beside the road: the questions, and what was dropped."""

from dataclasses import replace

from flask_babel import gettext as _

from app.desk.standing.parts import Standing, Step, Surroundings
from app.requests.models import RequestStatus as S


def questions(here: Surroundings) -> Standing:
    """Say that the questions wait, or that somebody else answers them."""
    path = f"{here.request.path}/interview"
    has_begun = here.request.status is S.INTERVIEWING
    answer = Step(
        label=_("Go on with the questions") if has_begun else _("Answer the questions"),
        url=path,
        icon="message-circle-question-mark",
        is_form=not has_begun,
        is_main=here.is_own,
    )
    if here.is_own and here.may_edit:
        sentence = (
            _("A few questions wait for your answers.")
            if has_begun
            else _("A few questions, and it is clear what to build.")
        )
        detail = _("At most five, in under three minutes.")
        return Standing(
            sentence=sentence,
            detail=detail,
            tone="waiting",
            icon="message-circle-question-mark",
            steps=(answer, here.point),
        )
    sentence = (
        _("%(name)s is answering the questions.", name=here.asker)
        if has_begun
        else _("%(name)s has not answered the questions yet.", name=here.asker)
    )
    steps = (replace(answer, label=_("Answer them yourself")), here.point) if here.may_edit else ()
    return Standing(sentence=sentence, tone="neutral", icon="message-circle-question-mark", steps=steps)


def from_guest(here: Surroundings) -> Standing:
    """Say that somebody without an account asked for it, and that a developer has to look at it."""
    take = Step(
        label=_("Take it over"),
        url=f"{here.request.path}/adoption",
        icon="user-check",
        is_form=True,
        is_main=True,
    )
    return Standing(
        sentence=_("%(name)s, a guest, asks for this.", name=here.request.guest_name),
        detail=_("A developer takes it over, and answers its questions from then on; or drops it."),
        tone="waiting" if here.may_build else "neutral",
        icon="hand",
        steps=(take,) if here.may_build else (),
    )


def dropped(here: Surroundings) -> Standing:
    """Say that it was dropped, and why; or that it is the same as another one."""
    again = Step(
        label=_("Take it up again"), url=f"{here.request.path}/reopening", icon="rotate-ccw", is_form=True
    )
    same = here.request.duplicate_of
    if same is not None:
        way = Step(
            label=_("Open #%(number)s", number=same.number), url=same.path, icon="arrow-right", is_main=True
        )
        return Standing(
            sentence=_("It is the same as #%(number)s %(title)s.", number=same.number, title=same.title),
            detail=_("It goes on there; who asked for this hears what becomes of it."),
            tone="neutral",
            icon="copy",
            steps=(way, again) if here.may_edit else (way,),
        )
    return Standing(
        sentence=_("It was dropped."),
        detail=here.drop_reason,
        tone="neutral",
        icon="circle-slash",
        steps=(again,) if here.may_edit and here.request.undoes_id is None else (),
    )
