"""What is done with requests: file, edit, assign, move along the road, record what happened."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import iso, now
from app.core.db import session, transaction
from app.core.errors import Conflict, IllegalTransition, Invalid, NotAllowed
from app.core.events import announce
from app.core.installation import installation
from app.organizations.models import Role
from app.organizations.permissions import is_at_least
from app.projects.models import Project
from app.projects.permissions import can_file_requests
from app.requests import permissions, queries
from app.requests.events import RequestAssigned, RequestFiled, RequestMoved, RequestPutBack
from app.requests.models import (
    ACTIONS,
    REQUIRED,
    Activity,
    ActivityType,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
    WorkflowAction,
)

_KIND = {
    WorkflowAction.START_INTERVIEW: ActivityType.INTERVIEW,
    WorkflowAction.COMPLETE_INTERVIEW: ActivityType.INTERVIEW,
    WorkflowAction.RESET_INTERVIEW: ActivityType.INTERVIEW,
    WorkflowAction.START_DEVELOPMENT: ActivityType.DEVELOPMENT,
    WorkflowAction.COMPLETE_DEVELOPMENT: ActivityType.DEVELOPMENT,
    WorkflowAction.PREVIEW_READY: ActivityType.PREVIEW,
    WorkflowAction.APPROVE: ActivityType.REVIEW,
    WorkflowAction.REQUEST_CHANGES: ActivityType.REVIEW,
    WorkflowAction.CREATE_PR: ActivityType.PR,
    WorkflowAction.MERGE: ActivityType.PR,
    WorkflowAction.CLOSE_PR: ActivityType.PR,
}
_WORDS = {
    WorkflowAction.START_INTERVIEW: "started the questions",
    WorkflowAction.COMPLETE_INTERVIEW: "accepted how it will be checked",
    WorkflowAction.RESET_INTERVIEW: "went back to the questions",
    WorkflowAction.START_DEVELOPMENT: "started the work",
    WorkflowAction.COMPLETE_DEVELOPMENT: "finished the work",
    WorkflowAction.PREVIEW_READY: "made it ready to try",
    WorkflowAction.APPROVE: "accepted it",
    WorkflowAction.REQUEST_CHANGES: "asked for changes",
    WorkflowAction.CREATE_PR: "opened the merge",
    WorkflowAction.MERGE: "put it live",
    WorkflowAction.CLOSE_PR: "closed the merge without merging",
    WorkflowAction.CANCEL: "dropped it",
    WorkflowAction.REOPEN: "took it up again",
}


def file_request(
    project: Project,
    *,
    by: User,
    title: str,
    description: str = "",
    type: RequestType = RequestType.FEATURE,  # noqa: A002 - the field's name
    priority: RequestPriority = RequestPriority.MEDIUM,
) -> ProductRequest:
    """Ask for something on a project's board."""
    if not can_file_requests(by, project):
        raise NotAllowed("You can look at this board, not file requests on it.")
    with transaction():
        number = session.execute(
            update(Project)
            .where(Project.id == project.id)
            .values(last_number=Project.last_number + 1)
            .returning(Project.last_number)
        ).scalar_one()
        request = ProductRequest(
            project=project,
            number=number,
            title=title.strip(),
            description=description.strip(),
            type=type,
            priority=priority,
            requester=by,
            turn_user=by,
            position=queries.first_position(project.id, RequestStatus.DRAFT),
        )
        session.add(request)
        session.flush()  # its first activity refers to it
        record(request, ActivityType.SYSTEM, "asked for this", by=by)
        announce(RequestFiled(request, by))
    return request


def edit_request(
    request: ProductRequest,
    *,
    by: User,
    title: str | None = None,
    description: str | None = None,
    type: RequestType | None = None,  # noqa: A002 - the field's name
    priority: RequestPriority | None = None,
    version: int | None = None,
) -> None:
    """Change the words of a request; what is None stays. `version` names what the editor had before them."""
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can change it.")
    if version is not None and version != request.version:
        raise Conflict(
            "Somebody else changed this request meanwhile. Reload it; your text is still in the form."
        )
    with transaction():
        changes = {
            name: value
            for name, value in {
                "title": title and title.strip(),
                "description": description if description is None else description.strip(),
                "type": type,
                "priority": priority,
            }.items()
            if value is not None and value != getattr(request, name)
        }
        if not changes:
            return
        if not permissions.is_editable(request) and {"title", "description"} & set(changes):
            raise Conflict("The work has begun on these words. Ask for a change on the preview instead.")
        for name, value in changes.items():
            setattr(request, name, value)
        record(request, ActivityType.SYSTEM, f"changed {', '.join(sorted(changes))}", by=by)


def assign(request: ProductRequest, *, by: User, to: User | None) -> None:
    """Name who works on a request; None for nobody."""
    if not permissions.can_assign(by, request):
        raise NotAllowed("Only developers and admins assign requests.")
    if to is not None and not is_at_least(to, request.organization_id, Role.REQUESTER):
        raise Invalid.field("userId", "This person does not belong to the organization, or may only look.")
    with transaction():
        request.assignee = to
        _pass_turn(request)
        words = f"assigned this to {to.name}" if to else "took the assignment away"
        record(request, ActivityType.ASSIGNMENT, words, by=by, payload={"userId": str(to.id) if to else None})
        announce(RequestAssigned(request, by))


def arrange(
    request: ProductRequest, *, by: User, after: ProductRequest | None, before: ProductRequest | None
) -> None:
    """Put a card between two others of its column."""
    if not permissions.can_arrange(by, request):
        raise NotAllowed("Only developers and admins order the board.")
    low = after.position if after is not None else None
    high = before.position if before is not None else None
    with transaction():
        if low is None and high is None:
            return
        request.position = (
            high - 1.0 if low is None else low + 1.0 if high is None else (low + high) / 2  # type: ignore[operator]
        )
        changed(f"board:{request.project_id}")


def comment(request: ProductRequest, *, by: User, text: str) -> Activity:
    """Say something about a request."""
    if not permissions.can_comment(by, request):
        raise NotAllowed("You can look at this request, not comment on it.")
    if not text.strip():
        raise Invalid.field("text", "Write something first.", type="missing")
    return record(request, ActivityType.COMMENT, text.strip(), by=by)


def drop(request: ProductRequest, *, by: User, reason: str) -> None:
    """Cancel a request, with the reason; everything that runs for it ends."""
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can drop it.")
    move(request, WorkflowAction.CANCEL, by=by, payload={"reason": reason})


def reopen(request: ProductRequest, *, by: User) -> None:
    """Take a dropped request up again, from its draft."""
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can take it up again.")
    with transaction():
        request.approved_commit = request.approved_at = request.approved_by = None
        request.pull_request_url = request.preview_url = None
        move(request, WorkflowAction.REOPEN, by=by)


# --- the road --------------------------------------------------------------------------------------------


def move(
    request: ProductRequest,
    action: WorkflowAction,
    *,
    by: User | None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Take one step of the road and leave its activity; anything but an open step is a 409.

    Who may take it is asked by the operation that calls this; `by` is None where the system itself acts.
    """
    payload = {key: value for key, value in (payload or {}).items() if value is not None}
    for name in REQUIRED.get(action, ()):
        if not str(payload.get(name, "")).strip():
            raise Invalid.field(name, f"Say the {name}: it is kept with the step.", type="missing")
    with transaction():
        steps = ACTIONS[action]
        before = request.status
        must_be_open(request, action)
        target = steps[before]
        if target is not before:
            position = queries.first_position(request.project_id, target)
            request.move_to(target)
            request.position = position
        _apply(request, action, payload, by)
        _pass_turn(request)
        session.flush()  # the version column settles a race before anything follows from the step
        details = {"action": action.value, "from": before.value, "to": target.value, **payload}
        record(request, _KIND.get(action, ActivityType.STATUS_CHANGE), _WORDS[action], by=by, payload=details)
        announce(RequestMoved(request, action, before, by, payload))


def must_be_open(request: ProductRequest, action: WorkflowAction) -> None:
    """Refuse a step that the request's state does not have, and name those that it has."""
    if request.status not in ACTIONS[action]:
        steps = ", ".join(request.open_actions) or "none"
        raise IllegalTransition(f"{action} is not possible while this is {request.status}. Open: {steps}.")


def put_back(request: ProductRequest, *, to: RequestStatus, reason: str) -> None:
    """Put a request back to where a failed, cancelled or expired session took it from."""
    with transaction():
        if request.status is not RequestStatus.IN_DEVELOPMENT:
            return
        request.move_to(to)
        request.round -= 1  # what nobody could try was no round
        _pass_turn(request)
        record(
            request,
            ActivityType.DEVELOPMENT,
            f"The work ended without a result: {reason}",
            by=None,
            payload={"from": RequestStatus.IN_DEVELOPMENT.value, "to": to.value, "reason": reason},
        )
        announce(RequestPutBack(request, reason))


def note_commit(request: ProductRequest, *, commit: str) -> None:
    """Hear of a new tip of a request's branch; an approval of another commit is void."""
    with transaction():
        if request.commit_sha == commit:
            return
        request.commit_sha = commit
        if request.approved_commit is not None and request.approved_commit != commit:
            request.approved_commit = request.approved_at = request.approved_by = None
            record(
                request,
                ActivityType.REVIEW,
                "A later commit came in: what was accepted before no longer counts.",
                by=None,
                payload={"commitSha": commit},
            )
        _pass_turn(request)


def _apply(request: ProductRequest, action: WorkflowAction, payload: dict[str, Any], by: User | None) -> None:
    _apply_work(request, action, payload)
    _apply_review(request, action, payload, by)


def _apply_work(request: ProductRequest, action: WorkflowAction, payload: dict[str, Any]) -> None:
    if action is WorkflowAction.COMPLETE_INTERVIEW:
        request.gherkin_criteria = payload.get("gherkinCriteria", request.gherkin_criteria)
        request.agent_prompt = payload.get("agentPrompt", request.agent_prompt)
    elif action is WorkflowAction.START_DEVELOPMENT:
        request.branch_name = payload.get("branchName", request.working_branch)
        request.round += 1
    elif action is WorkflowAction.COMPLETE_DEVELOPMENT:
        request.branch_name = payload.get("branchName", request.branch_name)
        if payload.get("commitSha"):
            note_commit(request, commit=str(payload["commitSha"]))
    elif action is WorkflowAction.PREVIEW_READY:
        request.preview_url = payload.get("previewUrl", request.preview_url)


def _apply_review(
    request: ProductRequest, action: WorkflowAction, payload: dict[str, Any], by: User | None
) -> None:
    if action is WorkflowAction.APPROVE:
        request.approved_commit = str(payload.get("commitSha") or request.commit_sha)
        request.approved_at, request.approved_by = now(), by
    elif action is WorkflowAction.REQUEST_CHANGES:
        request.feedback = str(payload["feedback"])
        request.approved_commit = request.approved_at = request.approved_by = None
        request.pull_request_url = None
    elif action is WorkflowAction.CREATE_PR:
        request.pull_request_url = str(payload["pullRequestUrl"])
        request.work_item_url = payload.get("workItemUrl", request.work_item_url)
    elif action is WorkflowAction.MERGE:
        request.merged_at = now()
        payload.setdefault("mergedAt", iso(request.merged_at))
    elif action is WorkflowAction.CLOSE_PR:
        request.pull_request_url = None


def _pass_turn(request: ProductRequest) -> None:
    """Say whose turn it is now; the waiting counts from when it became theirs."""
    role, person = _turn(request)
    if (role, person) != (request.turn_role, request.turn_user):
        request.turn_role, request.turn_user, request.turn_since = role, person, now()
    changed(str(request.id))
    changed(f"board:{request.project_id}")


def _turn(request: ProductRequest) -> tuple[TurnRole, User | None]:
    developer = (TurnRole.DEVELOPER, request.assignee)
    requester = (TurnRole.REQUESTER, request.requester)
    return {
        RequestStatus.DRAFT: requester,
        RequestStatus.INTERVIEWING: requester,
        RequestStatus.READY: developer,
        RequestStatus.IN_DEVELOPMENT: (TurnRole.SYSTEM, None),
        RequestStatus.IN_REVIEW: developer if request.is_accepted else requester,
        RequestStatus.CHANGES_REQUESTED: developer,
        RequestStatus.PR_OPEN: developer,
        RequestStatus.MERGED: (TurnRole.NOBODY, None),
        RequestStatus.CANCELLED: (TurnRole.NOBODY, None),
    }[request.status]


def hand_to(request: ProductRequest, person: User | None) -> None:
    """Say that it is a developer's turn while the work waits for a person."""
    with transaction():
        request.turn_role, request.turn_user, request.turn_since = TurnRole.DEVELOPER, person, now()
        changed(str(request.id))


def record(
    request: ProductRequest,
    kind: ActivityType,
    text: str,
    *,
    by: User | None,
    payload: dict[str, Any] | None = None,
) -> Activity:
    """Leave an entry in a request's feed."""
    entry = Activity(request_id=request.id, type=kind, actor=by, text=text, payload=payload or {})
    with transaction():
        session.add(entry)
        changed(str(request.id))
    return entry


def request_of(request_id: UUID) -> ProductRequest:
    """Load a request for a job, as it is now."""
    return session.get_one(ProductRequest, request_id, populate_existing=True)


def tell_pusher(project: Project, notes: dict[str, str]) -> None:
    """Write down what somebody who pushes to a project will read: what is made of each branch."""
    here = installation()
    notes["*"] = "Greenroom: no open request works on this branch, so there is no preview of it."
    notes[project.default_branch] = (
        f"Greenroom: this is built and goes live at {here.preview_url(project.host_label)}"
    )
    for request in queries.open_requests_with_branch(project):
        notes[str(request.branch_name)] = (
            f"Greenroom: #{request.number} {request.title}\n"
            f"  Preview: {here.preview_url(request.preview_label)}\n"
            f"  Request: {here.url}{request.path}"
        )
