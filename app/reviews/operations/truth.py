"""Where pull requests, their requests and git differ."""

from app.core.errors import NotFound
from app.projects.queries import repository_of
from app.requests.models import RequestStatus
from app.reviews import queries
from app.reviews.models import PullRequest


def disagreements() -> list[str]:
    """Say where pull requests, their requests and git differ."""
    found = [
        f"Request {request.id} says that it is offered for merging, but it is not."
        for request in queries.requests_offered()
        if (offer := queries.pull_request_of(request)) is None or not offer.is_open
    ]
    for pull in queries.open_pull_requests():
        if pull.request.status is not RequestStatus.PR_OPEN:
            found.append(f"Pull request {pull.id} is open, but its request is {pull.request.status}.")
        if pull.head_sha != pull.request.commit_sha:
            found.append(
                f"Pull request {pull.id} offers {pull.head_sha}, but its request is at another commit."
            )
    found += [
        f"Pull request {pull.id} is merged as {pull.merge_sha}, which {pull.base_branch} lacks."
        for pull in queries.merged_pull_requests()
        if not _is_in(pull.base_branch, pull)
    ]
    return found


def _is_in(branch: str, pull: PullRequest) -> bool:
    try:
        return repository_of(pull.request.project).has(branch, str(pull.merge_sha))
    except NotFound:  # the branch or the commit is not there at all
        return False
