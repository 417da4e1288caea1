"""Who is told what of a request's road: one short sentence each, and whose turn it is."""

from app.accounts.models import User
from app.notifications.models import Kind
from app.notifications.operations import settle, tell
from app.requests.events import RequestAssigned, RequestMoved
from app.requests.models import ProductRequest, RequestStatus, TurnRole, WorkflowAction
from app.requests.queries import askers_of, makers_of, starters_of

_LONGEST_QUOTE = 140
_KINDS = {
    WorkflowAction.ALLOW_DEVELOPMENT: Kind.SAID_YES,
    WorkflowAction.APPROVE: Kind.ACCEPTED,
    WorkflowAction.REQUEST_CHANGES: Kind.CHANGE_ASKED,
    WorkflowAction.MERGE: Kind.MERGED,
    WorkflowAction.CLOSE_PR: Kind.NOT_MERGED,
    WorkflowAction.CANCEL: Kind.DROPPED,
}


def tell_of_move(fact: RequestMoved) -> None:
    """Tell those whom a step concerns; what was asked of somebody before is settled by it."""
    request, who = fact.request, fact.by.name if fact.by is not None else "Greenroom"
    if fact.action is not WorkflowAction.PREVIEW_READY:
        settle(request.id)
    name = f"#{request.number} {request.title}"
    if fact.action is WorkflowAction.COMPLETE_INTERVIEW and request.undoes_id is None:
        tell_who_starts(request, by=fact.by)
    elif fact.action is WorkflowAction.ALLOW_DEVELOPMENT:
        _tell(fact, [request.requester], f"{who} said yes to {name}. The work starts by itself.")
    elif fact.action is WorkflowAction.APPROVE:
        _tell(fact, makers_of(request), f"{who} accepted {name}. It can be merged.", needs_you=True)
    elif fact.action is WorkflowAction.REQUEST_CHANGES:
        wish = _quoted(str(fact.payload.get("feedback", "")))
        _tell(fact, makers_of(request), f"{who} asked for changes on {name}: {wish}", needs_you=True)
    elif fact.action is WorkflowAction.MERGE and not request.project.auto_deploy:
        _tell(
            fact, [*askers_of(request), *_assignee(request)], f"{name} was merged. A developer puts it live."
        )
    elif fact.action is WorkflowAction.CLOSE_PR:
        _tell(fact, [request.requester], f"{name} was not merged. It is yours to try again.")
    elif fact.action is WorkflowAction.CANCEL:
        reason = _quoted(str(fact.payload.get("reason", "")))
        said = f"{who} dropped {name}: {reason}"
        if fact.payload.get("duplicateOfId"):
            said = f"{who} closed {name}: {reason} You hear what becomes of that one."
        _tell(fact, [*askers_of(request), *_assignee(request)], said)


def tell_who_starts(request: ProductRequest, *, by: User | None) -> None:
    """Tell those who are to start the work, or to say yes before it; whoever was told before is let off."""
    settle(request.id)
    if request.waits_for:
        return  # they are told once nothing holds it back
    said = "needs your yes; then the work starts" if request.needs_yes else "is ready to build"
    tell(
        starters_of(request),
        organization_id=request.organization_id,
        kind=Kind.NEEDS_YES if request.needs_yes else Kind.READY_TO_BUILD,
        text=f"#{request.number} {request.title} {said}.",
        path=request.path,
        subject_id=request.id,
        needs_you=True,
        but=by,
    )


def tell_of_wait_over(request: ProductRequest, said: str) -> None:
    """Tell those who waited with a request; once nothing holds it back, whoever starts it is asked to."""
    tell(
        [*askers_of(request), *_assignee(request)],
        organization_id=request.organization_id,
        kind=Kind.WAIT_OVER,
        text=f"#{request.number} {request.title}: {said}",
        path=request.path,
        subject_id=request.id,
    )
    if request.status is RequestStatus.READY:
        tell_who_starts(request, by=None)


def tell_of_guest(request: ProductRequest) -> None:
    """Tell the developers that a guest asked for something; one of them has to look at it."""
    tell(
        makers_of(request),
        organization_id=request.organization_id,
        kind=Kind.GUEST,
        text=f"A guest asks for #{request.number} {request.title}. Take it over, or drop it.",
        path=request.path,
        subject_id=request.id,
        needs_you=True,
    )


def let_off(request: ProductRequest) -> None:
    """Let those off who were asked to do what somebody did."""
    settle(request.id)


def tell_of_assignment(fact: RequestAssigned) -> None:
    """Tell whoever is to work on a request; what waits for a developer waits for that one now."""
    request, name = fact.request, f"#{fact.request.number} {fact.request.title}"
    is_their_turn = request.turn_role is TurnRole.DEVELOPER
    if is_their_turn:
        settle(request.id)
    given = request.assignee is not None
    tell(
        makers_of(request) if given or is_their_turn else [],
        organization_id=request.organization_id,
        kind=Kind.ASSIGNED,
        text=f"{fact.by.name} gave you {name}." if given else f"{name} waits for a developer again.",
        path=request.path,
        subject_id=request.id,
        needs_you=is_their_turn,
        but=fact.by,
    )


def _assignee(request: ProductRequest) -> list[User]:
    return [request.assignee] if request.assignee is not None else []


def _tell(fact: RequestMoved, people: list[User], text: str, *, needs_you: bool = False) -> None:
    tell(
        people,
        organization_id=fact.request.organization_id,
        kind=_KINDS[fact.action],
        text=text,
        path=fact.request.path,
        subject_id=fact.request.id,
        needs_you=needs_you,
        but=fact.by,
    )


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= _LONGEST_QUOTE else flat[:_LONGEST_QUOTE].rstrip() + '…'}”"
