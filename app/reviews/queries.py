"""Reads of reviews: pull requests, whether they merge, and what they change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, select

from app.core.db import bare, session
from app.core.errors import NotFound
from app.development.queries import changes_asked_for
from app.engine.repositories import Diff
from app.projects.queries import repository_of
from app.requests.models import ProductRequest, RequestStatus
from app.requests.pins import pins_of
from app.reviews.models import LineComment, LineThread, PullRequest, PullRequestStatus


@dataclass(frozen=True)
class Mergeability:
    """Whether a request's branch would merge, and which files stand in the way."""

    state: Literal["clean", "conflicting", "checking"]
    conflicts: list[str] = field(default_factory=list)
    already: bool = False
    behind: bool = False


def pull_request_of(request: ProductRequest) -> PullRequest | None:
    """Return the newest pull request of a request."""
    return session.scalars(
        select(PullRequest)
        .where(PullRequest.request_id == request.id)
        .order_by(PullRequest.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def pull_request(pull_request_id: UUID) -> PullRequest:
    """Load a pull request, as it is now."""
    return session.get_one(PullRequest, pull_request_id, populate_existing=True)


def open_pull_requests(project_id: UUID | None = None) -> Sequence[PullRequest]:
    """Return what is offered for merging, of one project or of all."""
    query = select(PullRequest).where(PullRequest.status == PullRequestStatus.OPEN)
    if project_id is not None:
        query = query.where(PullRequest.project_id == project_id)
    alone = query.options(*bare(PullRequest.request, ProductRequest.project))
    return session.scalars(alone.execution_options(populate_existing=True)).all()


def merged_pull_requests() -> Sequence[PullRequest]:
    """Return what is said to be in main, over all projects."""
    return session.scalars(select(PullRequest).where(PullRequest.status == PullRequestStatus.MERGED)).all()


def requests_offered() -> Sequence[ProductRequest]:
    """Return the requests that say they are offered for merging, over all projects."""
    return session.scalars(
        select(ProductRequest)
        .where(ProductRequest.status == RequestStatus.PR_OPEN)
        .execution_options(populate_existing=True)
    ).all()


def threads_of(request: ProductRequest) -> list[LineThread]:
    """Return everything that was said about lines of a request's change, oldest first."""
    return list(
        session.scalars(select(LineThread).where(LineThread.request_id == request.id).order_by(LineThread.id))
    )


def count_open_threads(request: ProductRequest) -> int:
    query = select(func.count()).select_from(LineThread)
    return (
        session.scalar(query.where(LineThread.request_id == request.id, LineThread.resolved_at.is_(None)))
        or 0
    )


def thread_in(request: ProductRequest, thread_id: UUID) -> Select[LineThread]:
    """Return what was said about lines of this request, by its id."""
    return select(LineThread).where(LineThread.request_id == request.id, LineThread.id == thread_id)


def comment_in(request: ProductRequest, comment_id: UUID) -> Select[LineComment]:
    """Return one comment on lines of this request."""
    return (
        select(LineComment)
        .join(LineThread, LineThread.id == LineComment.thread_id)
        .where(LineThread.request_id == request.id, LineComment.id == comment_id)
    )


def words_of(comment_ids: Collection[UUID]) -> dict[str, str]:
    """Return what comments say, by their id; those that were taken back are not there."""
    rows = session.execute(select(LineComment.id, LineComment.text).where(LineComment.id.in_(comment_ids)))
    return {str(row[0]): row[1] for row in rows} if comment_ids else {}


def next_number(project_id: UUID) -> int:
    highest = session.scalar(select(func.max(PullRequest.number)).where(PullRequest.project_id == project_id))
    return (highest or 0) + 1


def mergeability(request: ProductRequest) -> Mergeability:
    """Try the merge of a request's commit into main, without touching either."""
    if request.commit_sha is None:
        return Mergeability("clean")
    repository, base = repository_of(request.project), request.project.default_branch
    try:
        found = repository.check_merge(base, request.commit_sha)
        behind = found.base_sha is not None and not repository.has(request.commit_sha, found.base_sha)
    except NotFound:  # the commit is gone: its branch was pushed anew
        return Mergeability("checking")
    return Mergeability("clean" if found.clean else "conflicting", found.conflicts, found.already, behind)


def undoing(request: ProductRequest) -> ProductRequest | None:
    """Return the request that takes this one out again, unless it was dropped."""
    return session.scalars(
        select(ProductRequest).where(
            ProductRequest.undoes_id == request.id, ProductRequest.status != RequestStatus.CANCELLED
        )
    ).first()


def pins_before(request: ProductRequest, commit: str) -> list[dict[str, Any]]:
    """Return what was pointed at the last time somebody asked for changes on another commit than this."""
    for entry in changes_asked_for(request)[::-1]:
        if entry.payload.get("commitSha") != commit:
            return pins_of(entry.payload)
    return []


def diff_of(request: ProductRequest) -> Diff | None:
    """Return what a request changes, compared with main; of a merged one, what its merge brought."""
    if request.commit_sha is None:
        return None
    repository = repository_of(request.project)
    pull = pull_request_of(request)
    try:
        base: str | None = repository.head(request.project.default_branch)
        if pull is not None and pull.merge_sha is not None:
            parents = repository.commit(pull.merge_sha).parents
            base = parents[0] if parents else None
        return repository.diff(base, request.commit_sha)
    except NotFound:  # the commit was pushed away and tidied up
        return None
