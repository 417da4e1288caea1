"""Pull requests for programs."""

from uuid import UUID

from flask import Blueprint

from app.requests.models import ProductRequest
from app.requests.queries import request_visible_to
from app.reviews import operations
from app.reviews.schemas import OpenPullRequest, PullRequestOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("reviews_api", __name__)


def _request(request_id: UUID) -> ProductRequest:
    return load_or_404(request_visible_to(me(), request_id))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/pr",
    operation="Create pull request for a request",
    body=OpenPullRequest,
    answer=PullRequestOut,
    status=201,
    errors=(409,),
)
def create_pull_request(id: UUID, body: OpenPullRequest) -> PullRequestOut:  # noqa: A002 - the path's word
    """Offer the accepted commit for merging; 409 while nobody accepted just that commit."""
    request = _request(id)
    pull = operations.create_pull_request(request, by=me(), title=body.title, body=body.body)
    return PullRequestOut.of(pull, request)


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/pr/status",
    operation="Check PR status and update request if merged or closed",
    answer=PullRequestOut,
)
def check_pull_request(id: UUID) -> PullRequestOut:  # noqa: A002
    """Look at git again: whether it merges, which files stand in the way, and whether main has it already."""
    request = _request(id)
    pull = operations.check_pull_request(request)
    return PullRequestOut.of(pull, _request(id))
