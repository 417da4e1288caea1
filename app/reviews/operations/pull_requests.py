"""The way into main: a pull request is opened, merged or closed.

Git is changed first, by compare-and-set, and recorded after. Who merges says so beforehand (a claim), so that
whatever a crash leaves behind is told by looking at git again: `settle_merged`.
"""

from app.accounts.models import User
from app.core.db import let_go, session, transaction
from app.core.errors import Conflict, DomainError, NotAllowed, NotFound
from app.core.markdown import fenced
from app.development.branches import trailer_of
from app.engine.repositories import Repository
from app.projects.models import Project
from app.projects.operations import signature_of
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ProductRequest, RequestStatus, WorkflowAction
from app.requests.queries import open_requests_on_branch
from app.reviews import permissions, queries
from app.reviews.models import PullRequest, PullRequestStatus
from app.reviews.operations.merges import record, settle
from app.reviews.operations.verdicts import tip_of

_ATTEMPTS = 3
_OTHER_WAYS = frozenset({WorkflowAction.REQUEST_CHANGES, WorkflowAction.CLOSE_PR, WorkflowAction.CANCEL})


def create_pull_request(
    request: ProductRequest, *, by: User, title: str | None = None, body: str | None = None
) -> PullRequest:
    """Offer an accepted commit for merging into main."""
    if not permissions.can_create_pull_request(by, request):
        raise NotAllowed("Only a developer can open a pull request.")
    tip = tip_of(request)
    if request.status is RequestStatus.IN_REVIEW and (tip is None or not request.is_accepted):
        raise Conflict(
            f"{request.requester.name} has to accept {(tip or 'the result')[:10]} first. They find it at "
            f"{request.path}.",
            code="not_accepted",
        )
    with transaction():
        pull = PullRequest(
            request=request,
            project_id=request.project_id,
            request_id=request.id,
            number=queries.next_number(request.project_id),
            title=(title or "").strip() or request.title,
            body=(body or "").strip() or _body_of(request),
            branch_name=request.working_branch,
            base_branch=request.project.default_branch,
            head_sha=tip or "",
            opened_by=by,
        )
        payload = {"pullRequestUrl": pull.url, "number": pull.number, "commitSha": tip}
        requests.move(request, WorkflowAction.CREATE_PR, by=by, payload=payload)
        session.add(pull)
    return pull


def _body_of(request: ProductRequest) -> str:
    accepted = f"Accepted by {request.approved_by.name}." if request.approved_by else ""
    criteria = fenced(request.gherkin_criteria, "gherkin") if request.gherkin_criteria else ""
    parts = [request.description, criteria, accepted]
    return "\n\n".join(part for part in parts if part)


def open_and_merge(request: ProductRequest, *, by: User) -> PullRequest:
    """Merge what was accepted, offering it first where it was not yet and merges."""
    if not permissions.can_merge(by, request):
        raise NotAllowed("Only a developer can merge.")
    session.refresh(request)
    if request.status is RequestStatus.IN_REVIEW:
        found = queries.mergeability(request)
        if found.conflicts:
            raise Conflict(
                f"It does not merge by itself. Changed on both sides: {', '.join(found.conflicts[:5])}.",
                code="merge_conflict",
            )
        try:
            create_pull_request(request, by=by)
        except Conflict:
            session.refresh(request)
            if request.status is RequestStatus.IN_REVIEW:
                raise
    return merge(request, by=by)


def merge(request: ProductRequest, *, by: User) -> PullRequest:
    """Merge a request's pull request into main; exactly one of two who try at once succeeds."""
    if not permissions.can_merge(by, request):
        raise NotAllowed("Only a developer can merge.")
    pull = _the_open_one(request)
    if settle(pull):
        return queries.pull_request(pull.id)
    _claim(pull, by)
    let_go()
    repository = repository_of(request.project)
    try:
        commit = _merge_in_git(repository, pull, by)
    except DomainError:
        with transaction():
            queries.pull_request(pull.id).unclaim()
        raise
    if not record(pull.id, commit, by=by):
        raise _over(queries.pull_request(pull.id))
    return queries.pull_request(pull.id)


def _the_open_one(request: ProductRequest) -> PullRequest:
    pull = queries.pull_request_of(request)
    if pull is None:
        raise Conflict("There is nothing to merge yet. Open the pull request first.", code="no_pull_request")
    if not pull.is_open:
        raise _over(pull)
    return pull


def _over(pull: PullRequest) -> Conflict:
    if pull.status is PullRequestStatus.MERGED:
        return Conflict(f"#{pull.number} is merged already.", code="already_merged")
    return Conflict(f"#{pull.number} was closed without merging. Open a new one.", code="pull_request_closed")


def _claim(pull: PullRequest, by: User) -> None:
    """Say who merges, before git is touched; refuse what must not be merged."""
    with transaction():
        pull, request = queries.pull_request(pull.id), requests.request_of(pull.request_id)
        if not pull.is_open:
            raise _over(pull)
        _refuse_while_merging(pull)
        tip = repository_of(request.project).head(pull.branch_name)
        if not request.is_accepted or pull.head_sha != request.commit_sha or tip not in {pull.head_sha, None}:
            raise Conflict(
                f"A later commit came in since #{pull.number} was opened. Close it, and let "
                f"{request.requester.name} accept what there is now.",
                code="not_accepted",
            )
        pull.claim(by)


def _refuse_while_merging(pull: PullRequest) -> None:
    if pull.is_being_merged:
        who = pull.merged_by.name if pull.merged_by else "Somebody"
        raise Conflict(f"{who} merges this at this very moment. Reload the page.", code="being_merged")


def _merge_in_git(repository: Repository, pull: PullRequest, by: User) -> str:
    message = (
        f"Merge request #{pull.request.number}: {' '.join(pull.title.split())}\n\n"
        f"{trailer_of(pull.request.requester)}"
    )
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return repository.merge(pull.base_branch, pull.head_sha, message=message, author=signature_of(by))
        except Conflict as trouble:
            if trouble.code != "branch_moved" or attempt == _ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")


def close_pull_request(request: ProductRequest, *, by: User) -> PullRequest:
    """Take the offer back; the request is ready to try again."""
    pull = _the_open_one(request)
    if not permissions.can_close(by, pull):
        raise NotAllowed("Only a developer can close a pull request.")
    if settle(pull):
        raise _over(queries.pull_request(pull.id))
    requests.move(request, WorkflowAction.CLOSE_PR, by=by)
    return queries.pull_request(pull.id)


def check_pull_request(request: ProductRequest) -> PullRequest:
    """Look at git again, so that what is said of a pull request is so."""
    pull = queries.pull_request_of(request)
    if pull is None:
        raise NotFound("This request has no pull request yet. Open one once its result is accepted.")
    settle(pull)
    return queries.pull_request(pull.id)


# --- what follows ----------------------------------------------------------------------------------------


def release(request: ProductRequest) -> None:
    """Close the pull request of a request that went another way; not while it is being merged."""
    with transaction():
        pull = queries.pull_request_of(request)
        if pull is not None and pull.is_open:
            _refuse_while_merging(pull)
            pull.close()


def follow_request(request: ProductRequest, action: WorkflowAction) -> None:
    """Let the pull request end where its request goes another way than into main."""
    if action in _OTHER_WAYS:
        release(request)


def follow_branch(project: Project, branch: str, commit: str | None, *, by: User | None) -> None:
    """Hear that a branch moved: main may hold what was offered, a request's branch something newer."""
    if branch != project.default_branch:
        withdraw_outdated(project, branch, commit)
        return
    for pull in queries.open_pull_requests(project.id):
        settle(pull, by=by, is_heard=True)


def withdraw_outdated(project: Project, branch: str, commit: str | None) -> None:
    """Take an offer back when its branch moved on: what was accepted is no longer what would be merged."""
    request = open_requests_on_branch(project, branch)
    if request is None or request.status is not RequestStatus.PR_OPEN or commit is None:
        return
    with transaction():
        pull = queries.pull_request_of(request)
        if pull is not None and pull.is_open and pull.head_sha != commit and not pull.is_being_merged:
            reason = "A later commit came in; it has to be accepted first."
            requests.move(request, WorkflowAction.CLOSE_PR, by=None, payload={"reason": reason})
