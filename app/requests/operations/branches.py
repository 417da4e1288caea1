"""What is heard of a request's branch, and what somebody who pushes is told."""

from app.core.db import transaction
from app.core.holding import hold
from app.core.installation import installation
from app.engine import routes
from app.projects.models import Project
from app.requests import queries
from app.requests.models import ActivityType, ProductRequest
from app.requests.operations.feed import record
from app.requests.operations.turns import pass_turn


def note_commit(request: ProductRequest, *, commit: str) -> None:
    """Hear of a new tip of a request's branch; an approval of another commit is void."""
    with transaction():
        hold(request)
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
        pass_turn(request)


def tell_pusher(project: Project, notes: dict[str, str], kept: set[str]) -> None:
    """Write down what somebody who pushes to a project will read of each branch, and which ones are kept."""
    here = installation()
    notes["*"] = "Greenroom: no open request works on this branch, so there is no preview of it."
    notes[project.default_branch] = (
        f"Greenroom: this is built and goes live at {routes.address_of(project.host_label)}"
    )
    requests = queries.open_requests_with_branch(project)
    addresses = routes.addresses_of([request.preview_label for request in requests])
    kept.update(str(request.branch_name) for request in requests if request.is_tried)
    for request in requests:
        notes[str(request.branch_name)] = (
            f"Greenroom: #{request.number} {request.title}\n"
            f"  Preview: {addresses[request.preview_label]}\n"
            f"  Request: {here.url}{request.path}"
        )
