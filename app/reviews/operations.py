"""What is done in a review: accept, ask for changes, offer for merging, merge.

Git is changed first, by compare-and-set, and recorded after. Who merges says so beforehand (a claim), so that
whatever a crash leaves behind is told by looking at git again: `settle_merged`.
"""

import logging
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from app.accounts.models import User
from app.core.clock import iso
from app.core.db import after_commit, let_go, session, transaction
from app.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.core.events import announce
from app.core.markdown import fenced
from app.development.branches import trailer_of
from app.engine.repositories import Repository
from app.projects.models import Project
from app.projects.operations import note_moves, signature_of
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ProductRequest, RequestStatus, WorkflowAction
from app.requests.queries import open_requests_on_branch
from app.reviews import permissions, queries
from app.reviews.events import PullRequestMerged
from app.reviews.models import PullRequest, PullRequestStatus

log = logging.getLogger(__name__)

LONGEST_FEEDBACK = 5_000
_LONGEST_ELEMENT = 300
_SHORTEST_NAME = 7
_ATTEMPTS = 3
_SEARCHED = 500
_OTHER_WAYS = frozenset({WorkflowAction.REQUEST_CHANGES, WorkflowAction.CLOSE_PR, WorkflowAction.CANCEL})


def approve(request: ProductRequest, *, by: User, commit: str) -> None:
    """Accept one commit of a request's branch; a later one is not accepted by it."""
    if not permissions.can_approve(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can accept it.")
    requests.must_be_open(request, WorkflowAction.APPROVE)
    tip = _tip(request)
    if tip is None or len(commit) < _SHORTEST_NAME or not tip.startswith(commit):
        raise Conflict(
            "There is a newer version than the one you looked at. Open the preview again and look at it.",
            code="not_the_tip",
        )
    with transaction():
        session.refresh(request)
        if request.status is RequestStatus.IN_REVIEW and request.approved_commit == tip:
            return  # pressed twice
        requests.move(request, WorkflowAction.APPROVE, by=by, payload={"commitSha": tip})


def request_changes(
    request: ProductRequest, *, by: User, feedback: str, element: Mapping[str, str] | None = None
) -> None:
    """Say what should be different; `element` is what was pointed at: text from a page nobody vouches for."""
    if not permissions.can_request_changes(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can ask for changes.")
    if len(feedback) > LONGEST_FEEDBACK:
        raise Invalid.field("feedback", f"Say it in at most {LONGEST_FEEDBACK} characters.", type="too_long")
    pointed = {name: text[:_LONGEST_ELEMENT] for name, text in (element or {}).items() if text.strip()}
    payload = {"feedback": feedback.strip(), "element": pointed or None, "commitSha": request.commit_sha}
    requests.move(request, WorkflowAction.REQUEST_CHANGES, by=by, payload=payload)


def _tip(request: ProductRequest) -> str | None:
    """Return where the branch stands in git; what was missed of it is made up for."""
    tip = repository_of(request.project).head(request.working_branch)
    if tip is not None and tip != request.commit_sha and request.status is RequestStatus.IN_REVIEW:
        requests.note_commit(request, commit=tip)
    return tip


# --- pull requests ---------------------------------------------------------------------------------------


def create_pull_request(
    request: ProductRequest, *, by: User, title: str | None = None, body: str | None = None
) -> PullRequest:
    """Offer an accepted commit for merging into main."""
    if not permissions.can_create_pull_request(by, request):
        raise NotAllowed("Only a developer can open a pull request.")
    tip = _tip(request)
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
    if not _record(pull.id, commit, by=by):
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


def _record(pull_id: UUID, commit: str, *, by: User | None, is_heard: bool = False) -> bool:
    """Write down that main has a pull request's commit; False when somebody wrote its end before."""
    with transaction():
        pull = queries.pull_request(pull_id)
        if not pull.is_open:
            return False
        request = requests.request_of(pull.request_id)
        pull.merge(commit)
        pull.merged_by = by
        payload = {
            "mergedAt": iso(pull.merged_at),
            "commitSha": commit,
            "number": pull.number,
            "pullRequestUrl": pull.url,
        }
        requests.move(request, WorkflowAction.MERGE, by=by, payload=payload)
        session.flush()  # whoever hears of main next must see that this one is done
        if not is_heard:
            before = _first_parent(repository_of(request.project), commit)
            note_moves(request.project, [(f"refs/heads/{pull.base_branch}", before, commit)], by=by)
        announce(PullRequestMerged(pull, by))
        after_commit(partial(_drop_branch, pull, by))
    return True


def _first_parent(repository: Repository, commit: str) -> str | None:
    parents = repository.commit(commit).parents
    return parents[0] if parents else None


def _drop_branch(pull: PullRequest, by: User | None) -> None:
    """Delete the branch of a merged pull request, unless something newer is on it."""
    repository = repository_of(pull.request.project)
    if repository.head(pull.branch_name) == pull.head_sha:
        repository.delete_branch(pull.branch_name)
        note_moves(pull.request.project, [(f"refs/heads/{pull.branch_name}", pull.head_sha, None)], by=by)


def close_pull_request(request: ProductRequest, *, by: User) -> PullRequest:
    """Take the offer back; the request is ready to try again."""
    pull = _the_open_one(request)
    if not permissions.can_close(by, pull):
        raise NotAllowed("Only a developer can close a pull request.")
    if settle(pull):
        raise _over(queries.pull_request(pull.id))
    requests.move(request, WorkflowAction.CLOSE_PR, by=by)
    return queries.pull_request(pull.id)


# --- what follows, and what a crash left behind ----------------------------------------------------------


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


def settle(pull: PullRequest, *, by: User | None = None, is_heard: bool = False) -> bool:
    """Record an open pull request as merged when main already has its commit; tells whether it is so.

    `is_heard`: that main moved was announced already, by the push that moved it.
    """
    if not pull.is_open or pull.is_being_merged:
        return False
    repository = repository_of(pull.request.project)
    try:
        is_merged = repository.has(pull.base_branch, pull.head_sha)
    except NotFound:  # the branch was pushed anew, or there is no main any more
        is_merged = False
    if is_merged:
        commit = _merge_commit(repository, pull)
        return _record(pull.id, commit, by=by or pull.merged_by, is_heard=is_heard)
    if pull.claimed_at is not None:  # its process went away before it came to git
        with transaction():
            queries.pull_request(pull.id).unclaim()
    return False


def _merge_commit(repository: Repository, pull: PullRequest) -> str:
    """Return the commit that brought a pull request into main: the one we made, else what main stands at."""
    recent = repository.log(pull.base_branch, limit=_SEARCHED)
    made = next((commit.sha for commit in recent if pull.head_sha in commit.parents[1:]), None)
    return made or str(repository.head(pull.base_branch))


def settle_merged() -> int:
    """Record every open pull request whose commit main has already; called by the schedule."""
    done = 0
    for pull in queries.open_pull_requests():
        try:
            done += settle(pull)
        except DomainError as trouble:
            log.warning("could not settle pull request %s: %s", pull.id, trouble.message)
    return done


def check_pull_request(request: ProductRequest) -> PullRequest:
    """Look at git again, so that what is said of a pull request is so."""
    pull = queries.pull_request_of(request)
    if pull is None:
        raise NotFound("This request has no pull request yet. Open one once its result is accepted.")
    settle(pull)
    return queries.pull_request(pull.id)


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
