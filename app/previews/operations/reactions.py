"""What previews do when something else happened: a branch or a request moved, a process went down."""

from uuid import UUID

from app.core.changes import changed
from app.core.db import session, transaction
from app.core.holding import hold
from app.engine.instances import InstanceMoved, InstanceState, why_it_failed
from app.notifications.models import Kind
from app.notifications.operations import tell
from app.organizations.models import Role
from app.organizations.queries import people_with_role
from app.previews.models import Preview
from app.previews.operations.builds import start_preview
from app.previews.operations.endings import fail, take_down
from app.projects.models import Project
from app.requests.models import ProductRequest, RequestStatus, WorkflowAction
from app.requests.operations import move, note_commit
from app.requests.queries import open_requests_on_branch as open_request_on_branch

_SHOWN = frozenset({RequestStatus.IN_REVIEW, RequestStatus.PR_OPEN})


def follow_branch(project: Project, branch: str, commit: str | None) -> None:
    """Show the new tip of a request's branch, where its work is done and somebody may be looking."""
    request = open_request_on_branch(project, branch)
    if request is None or commit is None or request.status not in _SHOWN:
        return
    with transaction():
        note_commit(request, commit=commit)
        start_preview(request, by=None)


def follow_request(request: ProductRequest, action: WorkflowAction) -> None:
    """Show finished work, and take down what belongs to a request that is over."""
    if action is WorkflowAction.COMPLETE_DEVELOPMENT and request.commit_sha is not None:
        start_preview(request, by=None)
    elif request.is_over and action in {WorkflowAction.MERGE, WorkflowAction.CANCEL}:
        take_down(request)


def follow_instance(instance: InstanceMoved) -> None:
    """Hear from the keeper how a preview's process does; one that is down for good is a failed preview."""
    if instance.purpose != "preview":
        return
    preview = session.get(Preview, UUID(instance.subject_id), populate_existing=True)
    if preview is None:
        return
    changed(str(preview.request_id))
    if instance.state is InstanceState.RUNNING and preview.note is not None:
        with transaction():
            preview.note = None
    if instance.state is InstanceState.FAILED and preview.is_up:
        fail(preview, why_it_failed(instance.label))


def invite_to_try(preview: Preview) -> None:
    """Move the request on where the preview is of what stands there, and ask its requester to try it."""
    request = preview.request
    hold(request)
    if request.status is not RequestStatus.IN_REVIEW or request.commit_sha != preview.commit_sha:
        return
    move(request, WorkflowAction.PREVIEW_READY, by=None, payload={"previewUrl": preview.url})
    tell(
        [request.requester],
        organization_id=request.organization_id,
        kind=Kind.PREVIEW_READY,
        text=f"#{request.number} {request.title} is ready to try.",
        path=request.path,
        subject_id=request.id,
        needs_you=True,
    )


def tell_of_failure(preview: Preview) -> None:
    """Tell those who can mend it that a preview is not there."""
    request = preview.request
    developers = people_with_role(request.organization_id, Role.DEVELOPER)
    tell(
        [request.assignee] if request.assignee else developers,
        organization_id=request.organization_id,
        kind=Kind.PREVIEW_FAILED,
        text=f"The preview of #{request.number} {request.title} failed: {preview.error_message}",
        path=f"{request.path}/preview",
        subject_id=request.id,
        needs_you=True,
    )
