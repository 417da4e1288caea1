"""Taking out again what was merged: a request of its own, whose branch holds the commit that does it."""

import contextlib

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed, NotFound
from app.core.gherkin import one_line, scenarios_of
from app.development.agent_run import PERSON
from app.development.branches import trailer_of
from app.development.operations import complete, open_for
from app.engine.repositories import Repository
from app.projects.operations import signature_of
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import (
    ActivityType,
    ProductRequest,
    RequestStatus,
    RequestType,
    WorkflowAction,
)
from app.reviews import permissions, queries
from app.reviews.models import PullRequest

_LONGEST_TITLE = 200
_MOST_SCENARIOS = 10
_MOST_NAMES = 50


def undo(request: ProductRequest, *, by: User) -> ProductRequest:
    """Ask for a merged request to be taken out again; the new request can be tried like any other.

    The commit is written first, on a branch of its own; a crash may leave that branch without a request.
    """
    if not permissions.can_undo(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can undo it.")
    pull = _merged(request)
    _refuse_second(request)
    repository = repository_of(request.project)
    commit = _revert(repository, pull, by)
    branch = _name(repository, request, commit)
    try:
        with transaction():
            made = _file(request, branch, commit, by=by)
    except BaseException:
        with contextlib.suppress(Conflict):
            repository.delete_branch(branch)
        session.expire_all()
        _refuse_second(request)
        raise
    return made


def _merged(request: ProductRequest) -> PullRequest:
    pull = queries.pull_request_of(request)
    if request.status is not RequestStatus.MERGED or pull is None or pull.merge_sha is None:
        raise Conflict("Only what was merged can be undone. Drop it instead.", code="not_merged")
    return pull


def _refuse_second(request: ProductRequest) -> None:
    other = queries.undoing(request)
    if other is not None:
        raise Conflict(f"#{other.number} undoes this already: {other.path}", code="undone_already")


def _revert(repository: Repository, pull: PullRequest, by: User) -> str:
    request = pull.request
    try:
        parents = repository.commit(str(pull.merge_sha)).parents
        if pull.head_sha not in parents[1:]:
            raise Conflict(
                f"#{request.number} came into {pull.base_branch} by a push, not by a merge of ours. "
                f"Take it out with git revert and push.",
                code="not_our_merge",
            )
        message = (
            f"Undo request #{request.number}: {one_line(request.title, 60)}\n\n"
            f"This takes out {pull.merge_sha}.\n\n{trailer_of(by)}"
        )
        return repository.revert(
            pull.base_branch, str(pull.merge_sha), message=message, author=signature_of(by)
        )
    except NotFound:
        raise Conflict("Its merge is not in the repository any more.", code="not_merged") from None


def _name(repository: Repository, request: ProductRequest, commit: str) -> str:
    """Name the commit by a branch that is free."""
    for number in range(1, _MOST_NAMES):
        name = f"requests/{request.number}-undo" + (f"-{number}" if number > 1 else "")
        if repository.head(name) is None:
            with contextlib.suppress(Conflict):
                repository.create_branch(name, at=commit)
                return name
    raise Conflict("Too many branches undo this already. Delete some of them.")


def _file(request: ProductRequest, branch: str, commit: str, *, by: User) -> ProductRequest:
    """File the request that undoes another, with its work done."""
    base = repository_of(request.project).commit(commit).parents[0]
    made = requests.file_request(
        request.project,
        by=by,
        title=f"Undo #{request.number}: {request.title}"[:_LONGEST_TITLE],
        description=f"As it was before #{request.number}, “{request.title}”.",
        type=RequestType.CHORE,
    )
    made.undoes_id, made.branch_name, made.assignee = request.id, branch, request.assignee
    session.flush()  # of two who undo at once, the second ends here
    words = {"gherkinCriteria": criteria_of(request), "agentPrompt": _prompt_of(request)}
    requests.move(made, WorkflowAction.COMPLETE_INTERVIEW, by=by, payload=words)
    work = open_for(made, by=by, agent=PERSON, base=base)
    complete(work.id, commit=commit, by=by)
    details = {"undoneBy": made.number, "path": made.path}
    requests.record(
        request, ActivityType.SYSTEM, f"asked to undo this: #{made.number}", by=by, payload=details
    )
    return made


def criteria_of(request: ProductRequest) -> str:
    """Return how it will be checked that a request was undone: as it was before."""
    title = one_line(request.title, 120)
    lines = [
        f"Feature: Undo #{request.number}: {title}",
        "",
        "  Scenario: As it was before",
        f"    Given the app without #{request.number}",
        "    When I look at what it changed",
        "    Then all of that is as it was before",
    ]
    for scenario in scenarios_of(request.gherkin_criteria or "")[:_MOST_SCENARIOS]:
        name = one_line(scenario.name, 100) or title
        lines += [
            "",
            f"  Scenario: No longer: {name}",
            f"    Given the app without #{request.number}",
            f"    When I check “{name}”",
            "    Then it does not hold any more",
        ]
    return "\n".join(lines) + "\n"


def _prompt_of(request: ProductRequest) -> str:
    return (
        f"Take out what request #{request.number}, “{one_line(request.title, 120)}”, brought: "
        f"revert its merge {request.merged_commit}. Everything that came later stays."
    )
