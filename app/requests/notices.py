"""Who is told what of a request's road: one short sentence each, and whose turn it is."""

from app.accounts.models import User
from app.notifications.models import Kind
from app.notifications.operations import settle, tell
from app.notifications.queries import told_of
from app.requests.events import Commented, RequestAssigned, RequestMoved
from app.requests.models import WORDS, ProductRequest, RequestStatus, TurnRole, WorkflowAction
from app.requests.queries import askers_of, makers_of, starters_of, watchers_of

_LONGEST_QUOTE = 140
_KINDS = {
    WorkflowAction.ALLOW_DEVELOPMENT: Kind.SAID_YES,
    WorkflowAction.APPROVE: Kind.ACCEPTED,
    WorkflowAction.REQUEST_CHANGES: Kind.CHANGE_ASKED,
    WorkflowAction.MERGE: Kind.MERGED,
    WorkflowAction.CLOSE_PR: Kind.NOT_MERGED,
    WorkflowAction.CANCEL: Kind.DROPPED,
}
_OF_NO_INTEREST = frozenset({WorkflowAction.START_INTERVIEW, WorkflowAction.RESET_INTERVIEW})


def tell_of_move(fact: RequestMoved) -> None:
    """Tell those whom a step concerns, and whoever watches; it settles what was asked of somebody before."""
    request = fact.request
    if fact.action is not WorkflowAction.PREVIEW_READY:
        settle(request.id)
    concerned = _tell_concerned(fact)
    if fact.action not in _OF_NO_INTEREST and not _follows_by_itself(fact):
        known = {person.id for person in concerned}
        others = [person for person in watchers_of(request) if person.id not in known]
        _tell(fact, others, f"{_who(fact)} {WORDS[fact.action]}: {_name(request)}")


def _follows_by_itself(fact: RequestMoved) -> bool:
    """Tell whether a step only follows from one that was told already, as the work does from a yes."""
    return fact.action is WorkflowAction.START_DEVELOPMENT and fact.by is None


def _tell_concerned(fact: RequestMoved) -> list[User]:
    """Tell those whom a step concerns, and return them."""
    request, who, name = fact.request, _who(fact), _name(fact.request)
    if fact.action is WorkflowAction.COMPLETE_INTERVIEW and request.undoes_id is None:
        return tell_who_starts(request, by=fact.by)
    if fact.action is WorkflowAction.ALLOW_DEVELOPMENT:
        return _tell(fact, [request.requester], f"{who} said yes to {name}. The work starts by itself.")
    if fact.action in {WorkflowAction.COMPLETE_DEVELOPMENT, WorkflowAction.PREVIEW_READY}:
        return [request.requester]  # who is asked to try it, with its preview
    if fact.action is WorkflowAction.APPROVE:
        return _tell(fact, makers_of(request), f"{who} accepted {name}. It can be merged.", needs_you=True)
    if fact.action is WorkflowAction.REQUEST_CHANGES:
        wish = _quoted(str(fact.payload.get("feedback", "")))
        told = f"{who} asked for changes on {name}: {wish}"
        return _tell(fact, makers_of(request), told, needs_you=True)
    return _tell_of_end(fact)


def _tell_of_end(fact: RequestMoved) -> list[User]:
    request, name = fact.request, _name(fact.request)
    if fact.action is WorkflowAction.MERGE and not request.project.auto_deploy:
        people = [*askers_of(request), *_assignee(request)]
        return _tell(fact, people, f"{name} was merged. A developer puts it live.")
    if fact.action is WorkflowAction.CLOSE_PR:
        return _tell(fact, [request.requester], f"{name} was not merged. It is yours to try again.")
    if fact.action is WorkflowAction.CANCEL:
        reason = _quoted(str(fact.payload.get("reason", "")))
        said = f"{_who(fact)} dropped {name}: {reason}"
        if fact.payload.get("duplicateOfId"):
            said = f"{_who(fact)} closed {name}: {reason} You hear what becomes of that one."
        return _tell(fact, [*askers_of(request), *_assignee(request)], said)
    return []


def tell_of_comment(fact: Commented) -> None:
    """Tell whom a comment speaks to, once however often it is changed, and of a new one whoever watches."""
    comment, request = fact.comment, fact.comment.request
    words = f": {_quoted(comment.text)}" if comment.text else ", with files."
    known = told_of(comment.id, Kind.MENTIONED)
    spoken_to = [person for person in fact.mentioned if person.id not in known]
    _tell_of_comment(
        fact, spoken_to, Kind.MENTIONED, f"{fact.by.name} spoke to you on {_name(request)}{words}"
    )
    if fact.is_new:
        known = {person.id for person in (*fact.mentioned, *fact.told)}
        others = [person for person in watchers_of(request) if person.id not in known]
        _tell_of_comment(fact, others, Kind.COMMENTED, f"{fact.by.name} commented on {_name(request)}{words}")


def _tell_of_comment(fact: Commented, people: list[User], kind: Kind, text: str) -> None:
    request = fact.comment.request
    tell(
        people,
        organization_id=request.organization_id,
        kind=kind,
        text=text,
        path=fact.comment.path,
        subject_id=fact.comment.id if kind is Kind.MENTIONED else request.id,
        but=fact.by,
    )


def tell_who_starts(request: ProductRequest, *, by: User | None) -> list[User]:
    """Tell those who are to start the work, or to say yes before it; whoever was told before is let off."""
    settle(request.id)
    if request.waits_for:
        return []  # they are told once nothing holds it back
    people = starters_of(request)
    said = "needs your yes; then the work starts" if request.needs_yes else "is ready to build"
    tell(
        people,
        organization_id=request.organization_id,
        kind=Kind.NEEDS_YES if request.needs_yes else Kind.READY_TO_BUILD,
        text=f"{_name(request)} {said}.",
        path=request.path,
        subject_id=request.id,
        needs_you=True,
        but=by,
    )
    return people


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
    request, name = fact.request, _name(fact.request)
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


def _who(fact: RequestMoved) -> str:
    return fact.by.name if fact.by is not None else "Greenroom"


def _name(request: ProductRequest) -> str:
    return f"#{request.number} {request.title}"


def _tell(fact: RequestMoved, people: list[User], text: str, *, needs_you: bool = False) -> list[User]:
    tell(
        people,
        organization_id=fact.request.organization_id,
        kind=_KINDS.get(fact.action, Kind.MOVED),
        text=text,
        path=fact.request.path,
        subject_id=fact.request.id,
        needs_you=needs_you,
        but=fact.by,
    )
    return people


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= _LONGEST_QUOTE else flat[:_LONGEST_QUOTE].rstrip() + '…'}”"
