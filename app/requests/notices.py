"""Who is told what of a request's road: one short sentence each, and whose turn it is."""

from app.accounts.models import User
from app.notifications.operations import settle, tell
from app.requests.events import RequestAssigned, RequestMoved
from app.requests.models import ProductRequest, WorkflowAction
from app.requests.queries import makers_of

_LONGEST_QUOTE = 140


def tell_of_move(fact: RequestMoved) -> None:
    """Tell those whom a step concerns; what was asked of somebody before is settled by it."""
    request, who = fact.request, fact.by.name if fact.by is not None else "Greenroom"
    if fact.action is not WorkflowAction.PREVIEW_READY:
        settle(request.id)
    name = f"#{request.number} {request.title}"
    if fact.action is WorkflowAction.COMPLETE_INTERVIEW and request.undoes_id is None:
        _tell(fact, makers_of(request), f"{name} is ready to build.", needs_you=True)
    elif fact.action is WorkflowAction.APPROVE:
        _tell(fact, makers_of(request), f"{who} accepted {name}. It can be merged.", needs_you=True)
    elif fact.action is WorkflowAction.REQUEST_CHANGES:
        wish = _quoted(str(fact.payload.get("feedback", "")))
        _tell(fact, makers_of(request), f"{who} asked for changes on {name}: {wish}", needs_you=True)
    elif fact.action is WorkflowAction.MERGE and not request.project.auto_deploy:
        _tell(fact, [request.requester, *_assignee(request)], f"{name} was merged. A developer puts it live.")
    elif fact.action is WorkflowAction.CLOSE_PR:
        _tell(fact, [request.requester], f"{name} was not merged. It is yours to try again.")
    elif fact.action is WorkflowAction.CANCEL:
        reason = _quoted(str(fact.payload.get("reason", "")))
        _tell(fact, [request.requester, *_assignee(request)], f"{who} dropped {name}: {reason}")


def tell_of_assignment(fact: RequestAssigned) -> None:
    """Tell whoever is to work on a request."""
    request = fact.request
    if request.assignee is not None:
        tell(
            [request.assignee],
            organization_id=request.organization_id,
            kind="assigned",
            text=f"{fact.by.name} gave you #{request.number} {request.title}.",
            path=request.path,
            subject_id=request.id,
            but=fact.by,
        )


def _assignee(request: ProductRequest) -> list[User]:
    return [request.assignee] if request.assignee is not None else []


def _tell(fact: RequestMoved, people: list[User], text: str, *, needs_you: bool = False) -> None:
    tell(
        people,
        organization_id=fact.request.organization_id,
        kind=fact.action.value,
        text=text,
        path=fact.request.path,
        subject_id=fact.request.id,
        needs_you=needs_you,
        but=fact.by,
    )


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= _LONGEST_QUOTE else flat[:_LONGEST_QUOTE].rstrip() + '…'}”"
