"""Where a request stands, for one person: one sentence, whose turn it is, and the one next thing to do."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.apps import queries as apps
from app.apps.models import ON_THE_WAY as DEPLOYING
from app.apps.models import App, Deploy, DeployStatus
from app.desk import words
from app.development.models import DevelopmentSession, SessionStatus
from app.development.queries import latest_session
from app.previews import queries as previews
from app.previews.models import ON_THE_WAY, PreviewStatus
from app.previews.permissions import can_start_preview
from app.requests import permissions
from app.requests.models import ProductRequest, RequestStatus, TurnRole
from app.reviews.models import PullRequest
from app.reviews.queries import Mergeability, mergeability, pull_request_of

S = RequestStatus
_ENDED_BADLY = {SessionStatus.FAILED, SessionStatus.EXPIRED}
_MOST_NAMED = 3
QUICK, CALM = 3, 10


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to do next: a link, a form of one button, or one that asks first."""

    label: str
    url: str
    icon: str
    is_form: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    asks: str | None = None
    leaves: bool = False
    is_main: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The sentence, and what goes with it."""

    sentence: str
    tone: str
    icon: str
    detail: str | None = None
    steps: tuple[Step, ...] = ()
    poll_seconds: int | None = None
    whose: str = ""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the features know of a request, as far as it matters for where it stands."""

    request: ProductRequest
    user: User
    preview: dict[str, Any]
    session: DevelopmentSession | None
    pull: PullRequest | None
    merging: Mergeability
    app: App | None = None
    deploy: Deploy | None = None
    drop_reason: str | None = None

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit(self.user, self.request)

    @property
    def may_build(self) -> bool:
        return permissions.can_build(self.user, self.request)

    @property
    def may_start(self) -> bool:
        return permissions.can_start_development(self.user, self.request)

    @property
    def is_own(self) -> bool:
        return self.request.requester_id == self.user.id

    @property
    def asker(self) -> str:
        return self.request.requester.name

    @property
    def preview_status(self) -> PreviewStatus:
        return PreviewStatus(self.preview["status"])


def look_around(request: ProductRequest, user: User, *, drop_reason: str | None = None) -> Surroundings:
    """Ask the features what they know of a request."""
    pull = pull_request_of(request) if request.status is S.PR_OPEN else None
    app = apps.first_app(request.project) if request.status is S.MERGED else None
    return Surroundings(
        request=request,
        user=user,
        preview=previews.as_status(previews.status_of(request.id)),
        session=latest_session(request),
        pull=pull,
        merging=mergeability(request) if pull is not None and pull.is_open else Mergeability("clean"),
        app=app,
        deploy=apps.latest_deploy(app) if app is not None else None,
        drop_reason=drop_reason,
    )


def standing_of(here: Surroundings) -> Standing:
    """Say where a request stands, to the person who looks at it."""
    said = _SAYINGS[here.request.status](here)
    return replace(said, whose=said.whose or words.whose_turn(here.user, here.request))


# --- one state after the other, in the order of the road -------------------------------------------------


def _questions(here: Surroundings) -> Standing:
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
            steps=(answer,),
        )
    sentence = (
        _("%(name)s is answering the questions.", name=here.asker)
        if has_begun
        else _("%(name)s has not answered the questions yet.", name=here.asker)
    )
    steps = (replace(answer, label=_("Answer them yourself")),) if here.may_edit else ()
    return Standing(sentence=sentence, tone="neutral", icon="message-circle-question-mark", steps=steps)


def _ready(here: Surroundings) -> Standing:
    steps = _start_steps(here, _("Start the work"))
    if here.session is not None and here.session.status in _ENDED_BADLY:
        return _after_failure(here, steps)
    if steps:
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


def _start_steps(here: Surroundings, label: str) -> tuple[Step, ...]:
    """Offer to start the work, by the project's agent first and by a person besides."""
    if not here.may_start:
        return ()
    url = f"{here.request.path}/development"
    by_hand = here.request.project.default_agent == "person"
    agent = Step(
        label=_("Let the outline writer do it") if by_hand else label,
        url=url,
        icon="hammer",
        is_form=True,
        fields={"agent": "outline" if by_hand else here.request.project.default_agent},
        is_main=not by_hand,
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
    if steps:
        steps = (replace(steps[0], label=_("Try again"), icon="rotate-cw"), *steps[1:])
    return Standing(
        sentence=_("The work ended without a result."),
        detail=detail,
        tone="failed",
        icon="circle-x",
        steps=steps,
    )


def _being_built(here: Surroundings) -> Standing:
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


def _to_be_tried(here: Surroundings) -> Standing:
    status = here.preview_status
    if here.request.is_accepted:
        return _accepted(here)
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
            whose="" if here.may_build else _("Waiting for a developer"),
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


def _accepted(here: Surroundings) -> Standing:
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
        steps = (
            Step(
                label=_("Open the preview"), url=here.preview["previewUrl"], icon="external-link", leaves=True
            ),
        )
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


def _changes_asked(here: Surroundings) -> Standing:
    steps = _start_steps(here, _("Start the next round"))
    if here.session is not None and here.session.status in _ENDED_BADLY:
        return _after_failure(here, steps)
    return Standing(
        sentence=_("Changes were asked for."),
        detail=here.request.feedback,
        tone="waiting" if words.is_turn_of(here.user, here.request) else "neutral",
        icon="undo-2",
        steps=steps,
    )


def _being_merged(here: Surroundings) -> Standing:
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


def _live(here: Surroundings) -> Standing:
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
            whose=_("Waiting for a developer"),
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


def _dropped(here: Surroundings) -> Standing:
    again = Step(
        label=_("Take it up again"), url=f"{here.request.path}/reopening", icon="rotate-ccw", is_form=True
    )
    return Standing(
        sentence=_("It was dropped."),
        detail=here.drop_reason,
        tone="neutral",
        icon="circle-slash",
        steps=(again,) if here.may_edit else (),
    )


_SAYINGS: dict[RequestStatus, Callable[[Surroundings], Standing]] = {
    S.DRAFT: _questions,
    S.INTERVIEWING: _questions,
    S.READY: _ready,
    S.IN_DEVELOPMENT: _being_built,
    S.IN_REVIEW: _to_be_tried,
    S.CHANGES_REQUESTED: _changes_asked,
    S.PR_OPEN: _being_merged,
    S.MERGED: _live,
    S.CANCELLED: _dropped,
}
