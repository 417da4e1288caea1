"""The yes before the work: who says it, and whose turn it is when they change."""

from uuid import UUID

from app.accounts.models import User
from app.core.db import transaction
from app.core.errors import NotAllowed
from app.projects.models import Project
from app.projects.queries import projects_approved_by
from app.requests import notices, queries
from app.requests.models import ProductRequest, WorkflowAction
from app.requests.operations.road import move, must_be_open
from app.requests.operations.turns import pass_turn
from app.requests.operations.waits import must_not_wait


def allow_development(request: ProductRequest, *, by: User) -> None:
    """Say yes to what is asked; the work starts by itself."""
    must_be_open(request, WorkflowAction.ALLOW_DEVELOPMENT)
    if by.id not in {person.id for person in queries.approvers_of(request)}:
        raise NotAllowed(why_not_allowed(request))
    must_not_wait(request)
    move(request, WorkflowAction.ALLOW_DEVELOPMENT, by=by)


def why_not_allowed(request: ProductRequest) -> str:
    """Say who has to say yes first."""
    names = [person.name for person in queries.approvers_of(request)]
    return f"{' or '.join(names)} has to say yes before the work starts."


def follow_policy(project: Project, *, by: User | None) -> None:
    """Hear that others than before start the work: what waits for that waits for them now."""
    with transaction():
        for request in queries.waiting_to_start(project):
            pass_turn(request)
            notices.tell_who_starts(request, by=by)


def follow_member(user: User, organization_id: UUID) -> None:
    """Hear that somebody left or has another role: what waited for their yes falls to the admins."""
    for project in projects_approved_by(user, organization_id):
        follow_policy(project, by=None)
