"""File a request, change its words, say who works on it, drop it and take it up again."""

from collections.abc import Collection
from urllib.parse import urlsplit

from sqlalchemy import update

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, Stale
from app.core.events import announce
from app.core.holding import hold, hold_unchanged
from app.organizations.models import Role
from app.organizations.permissions import is_at_least
from app.projects.models import Project
from app.projects.permissions import can_file_requests
from app.requests import permissions, queries
from app.requests.events import RequestAssigned, RequestFiled
from app.requests.models import (
    ActivityType,
    Attachment,
    Label,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    WorkflowAction,
)
from app.requests.operations.attachments import give
from app.requests.operations.counting import leave_room
from app.requests.operations.duplicates import let_go_of_duplicate
from app.requests.operations.feed import record
from app.requests.operations.labels import put_labels
from app.requests.operations.road import move
from app.requests.operations.turns import pass_turn
from app.requests.operations.watching import take_part

LONGEST_ADDRESS = 300


def file_request(
    project: Project,
    *,
    by: User,
    title: str,
    description: str = "",
    type: RequestType = RequestType.FEATURE,  # noqa: A002 - the field's name
    priority: RequestPriority = RequestPriority.MEDIUM,
    labels: Collection[Label] = (),
    attachments: Collection[Attachment] = (),
) -> ProductRequest:
    """Ask for something on a project's board."""
    if not can_file_requests(by, project):
        raise NotAllowed("You can look at this board, not file requests on it.")
    with transaction():
        request = put_on_board(
            project, by, title=title, description=description, type=type, priority=priority
        )
        record(request, ActivityType.SYSTEM, "asked for this", by=by)
        put_labels(request, labels, by=by)
        take_part(request, by)
        give(request, attachments, by=by)
        announce(RequestFiled(request, by))
    return request


def put_on_board(
    project: Project,
    requester: User,
    *,
    title: str,
    description: str,
    type: RequestType = RequestType.FEATURE,  # noqa: A002 - the field's name
    priority: RequestPriority = RequestPriority.MEDIUM,
) -> ProductRequest:
    """Give a request its number, and its place before the other drafts."""
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
            requester=requester,
            turn_user=requester,
            position=queries.first_position(project.id, RequestStatus.DRAFT),
        )
        session.add(request)
        session.flush()  # its first activity refers to it
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
    work_item_url: str | None = None,
    labels: Collection[Label] | None = None,
    version: int | None = None,
) -> None:
    """Change the words of a request, its labels, or where else it is kept; what is None stays.

    An empty `work_item_url` takes the address away.

    `version` names what the editor had before them.
    """
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can change it.")
    if work_item_url:
        _must_be_address(work_item_url)
    with transaction():
        hold_unchanged(request, ("title", "description", "type", "priority", "work_item_url"))
        if version is not None and version != request.version:
            raise Stale(
                "Somebody else changed this request meanwhile. Reload it; your text is still in the form."
            )
        changes = {
            name: value
            for name, value in {
                "title": title and title.strip(),
                "description": description if description is None else description.strip(),
                "type": type,
                "priority": priority,
                "work_item_url": work_item_url,
            }.items()
            if value is not None and value != (getattr(request, name) or "")
        }
        if labels is not None:
            put_labels(request, labels, by=by)
        if not changes:
            return
        if not permissions.is_editable(request) and {"title", "description"} & set(changes):
            raise Conflict("The work has begun on these words. Ask for a change on the preview instead.")
        for name, value in changes.items():
            setattr(request, name, value or None if name == "work_item_url" else value)
        named = sorted(_CALLED.get(name, name) for name in changes)
        record(request, ActivityType.SYSTEM, f"changed {', '.join(named)}", by=by)


_CALLED = {"work_item_url": "where else it is kept"}


def _must_be_address(url: str) -> None:
    """Refuse what is no address of a page elsewhere, or would run here instead of leading there."""
    is_plain = url.isprintable() and " " not in url and len(url) <= LONGEST_ADDRESS
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if not is_plain or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid.field("workItemUrl", "Give a whole address, beginning with https:// or http://.")


def assign(request: ProductRequest, *, by: User, to: User | None) -> None:
    """Name who works on a request; None for nobody."""
    if not permissions.can_assign(by, request):
        raise NotAllowed("Only developers and admins assign requests.")
    if to is not None and to.id not in {person.id for person in queries.people_to_assign(request)}:
        raise Invalid.field("userId", _why_not_assigned(request, to))
    if to is request.assignee:
        return
    with transaction():
        hold(request)
        request.assignee = to
        pass_turn(request)
        if to is not None:
            take_part(request, to)
        words = _told_of_assignment(to, by)
        record(request, ActivityType.ASSIGNMENT, words, by=by, payload={"userId": str(to.id) if to else None})
        announce(RequestAssigned(request, by))


def _why_not_assigned(request: ProductRequest, person: User) -> str:
    if not is_at_least(person, request.organization_id, Role.REQUESTER) or not person.is_active:
        return "This person does not belong to the organization, or may only look. Choose somebody else."
    return f"{person.name} cannot see this project. Name them in the project's settings first."


def _told_of_assignment(to: User | None, by: User) -> str:
    if to is None:
        return "took the assignment away"
    return "took this on" if to is by else f"assigned this to {to.name}"


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
        hold(request)
        request.approved_commit = request.approved_at = request.approved_by = None
        request.pull_request_url = request.preview_url = None
        let_go_of_duplicate(request, by=by)
        move(request, WorkflowAction.REOPEN, by=by)
