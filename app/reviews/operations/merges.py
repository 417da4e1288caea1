"""What main has: recorded right after a merge, or found by looking at git again after a crash."""

import logging
from functools import partial
from uuid import UUID

from app.accounts.models import User
from app.core.clock import iso
from app.core.db import after_commit, session, transaction
from app.core.errors import DomainError, NotFound
from app.core.events import announce
from app.engine.repositories import Repository
from app.projects.operations import note_moves
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import WorkflowAction
from app.reviews import queries
from app.reviews.events import PullRequestMerged
from app.reviews.models import PullRequest

log = logging.getLogger(__name__)

_SEARCHED = 500


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
        return record(pull.id, commit, by=by or pull.merged_by, is_heard=is_heard)
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


def record(pull_id: UUID, commit: str, *, by: User | None, is_heard: bool = False) -> bool:
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
