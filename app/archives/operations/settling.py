"""What was under way when an archive was made is not under way here; each state says so."""

from typing import TypeVar

from sqlalchemy import Select, select

from app.apps.models import ON_THE_WAY, App, Deploy, DeployStatus
from app.core.clock import now
from app.core.db import session
from app.core.errors import Failed
from app.development.models import OPEN, DevelopmentSession, SessionStatus
from app.organizations.models import Organization
from app.projects.models import Project
from app.requests.models import Delivery, ProductRequest, RequestStatus
from app.requests.operations.turns import pass_turn
from app.requests.queries import with_blockers
from app.reviews.models import PullRequest, PullRequestStatus
from app.specs.models import Spec, SpecStatus

Thing = TypeVar("Thing")
_WHY = Failed(
    "brought_in",
    "It was under way when the archive was made, and ended there.",
    "Start it again.",
)


def settle(organization: Organization) -> None:
    """Let nothing of an organization that was just brought in say that it runs."""
    session.flush()
    _end_sessions(organization)
    _end_deploys(organization)
    for spec in session.scalars(select(Spec).where(Spec.organization_id == organization.id)):
        if spec.is_open:
            spec.error_message, spec.ended_at = f"{_WHY.message} {_WHY.suggestion}", now()
            spec.move_to(SpecStatus.FAILED)
    requests = select(ProductRequest).join(ProductRequest.project).options(with_blockers())
    for request in _of(organization, requests):
        _settle_request(request)
    opened = select(PullRequest).join(Project, Project.id == PullRequest.project_id)
    for offered in _of(organization, opened.where(PullRequest.status == PullRequestStatus.OPEN)):
        offered.unclaim()
    session.flush()


def _end_sessions(organization: Organization) -> None:
    query = select(DevelopmentSession).join(DevelopmentSession.request).join(ProductRequest.project)
    for each in _of(organization, query.where(DevelopmentSession.status.in_(OPEN))):
        each.end(SessionStatus.CANCELLED, _WHY)
        if each.request.status is RequestStatus.IN_DEVELOPMENT:
            each.request.move_to(each.came_from)
            each.request.round = max(0, each.request.round - 1)  # what nobody could try was no round


def _end_deploys(organization: Organization) -> None:
    query = select(Deploy).join(Deploy.app).join(App.project)
    running = (*ON_THE_WAY, DeployStatus.LIVE)
    for deploy in _of(organization, query.where(Deploy.status.in_(running))):
        is_live = deploy.status is DeployStatus.LIVE
        deploy.move_to(DeployStatus.REPLACED if is_live else DeployStatus.CANCELLED)
        deploy.ended_at = now()


def _settle_request(request: ProductRequest) -> None:
    """Say of a request that nothing of it is up; what is built is built anew when somebody asks."""
    if request.status is RequestStatus.IN_DEVELOPMENT:  # a session of which the archive says nothing
        request.move_to(RequestStatus.READY)
    request.preview_url = None
    if request.delivery in {Delivery.LIVE, Delivery.UNDER_WAY}:
        request.delivery, request.live_at = Delivery.HELD, None
    pass_turn(request)


def _of(organization: Organization, query: Select[Thing]) -> list[Thing]:
    return list(session.scalars(query.where(Project.organization_id == organization.id)).unique())
