"""What the states, turns and kinds of a request are called on the screen."""

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import gettext as _

from app.accounts.models import User
from app.organizations.models import Role
from app.organizations.permissions import can_administer, is_at_least
from app.projects.permissions import can_develop
from app.requests.models import (
    Delivery,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
)
from app.requests.operations import called
from app.requests.queries import Sort

S = RequestStatus


class State(NamedTuple):
    """How a state is written and drawn, everywhere the same."""

    title: str
    tone: str
    icon: str


_DRAWN: dict[RequestStatus, tuple[Callable[[], str], str, str]] = {
    S.DRAFT: (lambda: _("Draft"), "neutral", "circle-dashed"),
    S.INTERVIEWING: (lambda: _("Questions"), "waiting", "message-circle-question-mark"),
    S.READY: (lambda: _("Ready to build"), "neutral", "circle-dot"),
    S.IN_DEVELOPMENT: (lambda: _("Being built"), "running", "hammer"),
    S.IN_REVIEW: (lambda: _("Ready to try"), "ready", "play"),
    S.CHANGES_REQUESTED: (lambda: _("Changes asked"), "waiting", "undo-2"),
    S.PR_OPEN: (lambda: _("Being merged"), "running", "git-merge"),
    S.MERGED: (lambda: _("Live"), "ready", "circle-check"),
    S.CANCELLED: (lambda: _("Dropped"), "neutral", "circle-slash"),
}


def state(status: RequestStatus) -> State:
    """Return how a state is written and drawn."""
    title, tone, icon = _DRAWN[status]
    return State(title(), tone, icon)


def kinds() -> list[dict[str, str]]:
    """Return what kinds of requests there are, as choices."""
    return [
        {
            "value": RequestType.FEATURE,
            "label": _("Something new"),
            "hint": _("It is not there yet."),
            "icon": "sparkles",
        },
        {
            "value": RequestType.ENHANCEMENT,
            "label": _("Make it better"),
            "hint": _("It is there, and could be nicer."),
            "icon": "arrow-up",
        },
        {
            "value": RequestType.BUG,
            "label": _("Something is broken"),
            "hint": _("It does not do what it should."),
            "icon": "bug",
        },
        {
            "value": RequestType.CHORE,
            "label": _("Tidying up"),
            "hint": _("Nobody sees it, but it has to be done."),
            "icon": "wrench",
        },
    ]


def types() -> list[tuple[str, str]]:
    """Return the kinds in one word each, for lists to choose from."""
    return [
        (RequestType.FEATURE, _("Feature")),
        (RequestType.ENHANCEMENT, _("Improvement")),
        (RequestType.BUG, _("Bug")),
        (RequestType.CHORE, _("Chore")),
    ]


def priorities() -> list[tuple[str, str]]:
    """Return the priorities, for lists to choose from."""
    return [
        (RequestPriority.LOW, _("Low")),
        (RequestPriority.MEDIUM, _("Medium")),
        (RequestPriority.HIGH, _("High")),
        (RequestPriority.URGENT, _("Urgent")),
    ]


def sorts() -> list[tuple[str, str]]:
    """Return by what a board or a list can be ordered."""
    return [
        (Sort.POSITION, _("By hand")),
        (Sort.UPDATED_LAST, _("Changed last")),
        (Sort.CREATED_LAST, _("Newest")),
        (Sort.CREATED, _("Oldest")),
        (Sort.PRIORITY_LAST, _("Most urgent")),
        (Sort.VOTES_LAST, _("Most votes")),
    ]


def is_turn_of(user: User, request: ProductRequest, *, cannot_be_tried: bool = False) -> bool:
    """Tell whether a request waits for this person: by name, or as one of those who develop."""
    if cannot_be_tried:
        return request.assignee_id == user.id or (
            request.assignee is None and can_develop(user, request.project)
        )
    if request.turn_role in {TurnRole.SYSTEM, TurnRole.NOBODY}:
        return False
    if request.turn_user_id is not None:
        return request.turn_user_id == user.id
    if request.turn_role is TurnRole.APPROVER:
        return can_administer(user, request.organization_id)
    return can_develop(user, request.project)


def whose_turn(user: User, request: ProductRequest) -> str:
    """Say whom a request waits for, or which other one."""
    if is_held_back(request):
        return str(_("Waiting for %(name)s", name=names_of_blockers(request)))
    if request.turn_role is TurnRole.NOBODY:
        return ""
    if request.turn_role is TurnRole.SYSTEM:
        return str(_("Greenroom is at it"))
    if is_turn_of(user, request):
        return str(_("Your turn") if request.turn_user_id else _for_many(request))
    is_yes = request.turn_role is TurnRole.APPROVER
    if request.turn_user is not None:
        name = request.turn_user.name
        return str(
            _("Waiting for %(name)s to say yes", name=name)
            if is_yes
            else _("Waiting for %(name)s", name=name)
        )
    return str(_("Waiting for an admin to say yes") if is_yes else _("Waiting for a developer"))


def _for_many(request: ProductRequest) -> str:
    if request.turn_role is TurnRole.APPROVER:
        return str(_("For any admin, you included"))
    return str(_("For any developer, you included"))


def developers_turn(user: User, request: ProductRequest) -> str:
    """Say which developer something waits for that went wrong, whoever's turn the request itself is."""
    if request.assignee_id == user.id:
        return str(_("Your turn"))
    if request.assignee is not None:
        return str(_("Waiting for %(name)s", name=request.assignee.name))
    if can_develop(user, request.project):
        return str(_("For any developer, you included"))
    return str(_("Waiting for a developer"))


def on_card(user: User, request: ProductRequest, *, cannot_be_tried: bool = False) -> str:
    """Say in two or three words what a request waits for."""
    if cannot_be_tried:
        return _failed_on_card(user, request)
    if request.turn_role is TurnRole.NOBODY:
        held = is_held_back(request)
        return str(_("Waits for %(name)s", name=names_of_blockers(request))) if held else ""
    if request.turn_role is TurnRole.SYSTEM:
        return str(_("Going live") if request.status is S.MERGED else _("Being built"))
    if is_turn_of(user, request):
        return next_words(request)
    if request.turn_user is not None:
        return str(_("Waits for %(name)s", name=request.turn_user.name.split()[0]))
    is_yes = request.turn_role is TurnRole.APPROVER
    return str(_("Waits for an admin") if is_yes else _("Waits for a developer"))


def _failed_on_card(user: User, request: ProductRequest) -> str:
    if request.assignee is not None and request.assignee_id != user.id:
        return str(_("The preview failed: for %(name)s", name=request.assignee.name.split()[0]))
    if can_develop(user, request.project):
        return str(_("The preview failed: see why"))
    return str(_("The preview failed: for a developer"))


def is_held_back(request: ProductRequest) -> bool:
    """Tell whether the work could start, were there not something that it waits for."""
    return request.status in {S.READY, S.CHANGES_REQUESTED} and bool(request.waits_for)


def names_of_blockers(request: ProductRequest) -> str:
    """Name what a request waits for."""
    return ", ".join(called(request, each) for each in request.waits_for)


def next_words(request: ProductRequest, *, cannot_be_tried: bool = False) -> str:
    """Say what is to be done next, to whoever is to do it."""
    if cannot_be_tried:
        return str(_("It could not be made ready to try"))
    if request.needs_sorting:
        return str(_("Take it over, or drop it"))
    said = _NEXT.get(request.status)
    return str(said(request)) if said else ""


_NEXT: dict[RequestStatus, Callable[[ProductRequest], str]] = {
    S.DRAFT: lambda _request: _("Answer the questions"),
    S.INTERVIEWING: lambda _request: _("Answer the questions"),
    S.READY: lambda request: (
        _("Say yes, or what speaks against it") if request.needs_yes else _("Start the work")
    ),
    S.IN_DEVELOPMENT: lambda _request: _("Make the change"),
    S.IN_REVIEW: lambda request: _("Merge it") if request.is_accepted else _("Try it"),
    S.CHANGES_REQUESTED: lambda _request: _("Start the next round"),
    S.PR_OPEN: lambda _request: _("Merge it"),
    S.MERGED: lambda request: (
        _("See why it is not live") if request.delivery is Delivery.FAILED else _("Put it live")
    ),
}


def is_plain_to(user: User, request: ProductRequest) -> bool:
    """Tell whether the page spares this person the words of the trade."""
    return not is_at_least(user, request.organization_id, Role.DEVELOPER)
