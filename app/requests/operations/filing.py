"""File a request, change its words, say who works on it, drop it and take it up again."""

from collections.abc import Collection

from sqlalchemy import update

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.events import announce
from app.organizations.models import Role
from app.organizations.permissions import is_at_least
from app.projects.models import Project
from app.projects.permissions import can_file_requests
from app.requests import permissions, queries
from app.requests.events import RequestAssigned, RequestFiled
from app.requests.models import (
    ActivityType,
    Attachment,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    WorkflowAction,
)
from app.requests.operations.attachments import give
from app.requests.operations.counting import leave_room
from app.requests.operations.feed import record
from app.requests.operations.road import move
from app.requests.operations.turns import pass_turn


def file_request(
    project: Project,
    *,
    by: User,
    title: str,
    description: str = "",
    type: RequestType = RequestType.FEATURE,  # noqa: A002 - the field's name
    priority: RequestPriority = RequestPriority.MEDIUM,
    attachments: Collection[Attachment] = (),
) -> ProductRequest:
    """Ask for something on a project's board."""
    if not can_file_requests(by, project):
        raise NotAllowed("You can look at this board, not file requests on it.")
    with transaction():
        leave_room(project)
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
        give(request, attachments, by=by)
        announce(RequestFiled(request, by))
    return request


def adopt_branch(
    project: Project, branch: str, commit: str, *, requester: User, title: str, by: User
) -> ProductRequest:
    """File a request for work that lies on a branch already, so that it is tried next."""
    with transaction():
        request = file_request(project, by=requester, title=title)
        request.move_to(RequestStatus.READY)
        request.move_to(RequestStatus.IN_DEVELOPMENT)
        request.move_to(RequestStatus.IN_REVIEW)
        request.branch_name, request.commit_sha, request.round = branch, commit, 1
        request.assignee = requester
        request.position = queries.first_position(project.id, RequestStatus.IN_REVIEW)
        pass_turn(request)
        record(request, ActivityType.DEVELOPMENT, f"made a request of the branch {branch}", by=by)
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
        pass_turn(request)
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


def drop(request: ProductRequest, *, by: User, reason: str) -> None:
    """Cancel a request, with the reason; everything that runs for it ends."""
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can drop it.")
    move(request, WorkflowAction.CANCEL, by=by, payload={"reason": reason})


def reopen(request: ProductRequest, *, by: User) -> None:
    """Take a dropped request up again, from its draft."""
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can take it up again.")
    if request.undoes_id is not None:
        raise Conflict("Undo it anew from the request that it is about: what is live may have changed since.")
    with transaction():
        request.approved_commit = request.approved_at = request.approved_by = None
        request.pull_request_url = request.preview_url = None
        move(request, WorkflowAction.REOPEN, by=by)
