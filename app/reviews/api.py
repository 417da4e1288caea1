"""Reviews for programs: the change, what is said about its lines, the pull request, and undoing it."""

from uuid import UUID

from flask import Blueprint

from app.core.errors import NotFound
from app.requests.models import ProductRequest
from app.requests.queries import request_visible_to
from app.requests.schemas import RequestOut
from app.reviews import operations, queries
from app.reviews.changes import where_now
from app.reviews.models import LineComment, LineThread
from app.reviews.schemas import (
    DiffOut,
    LineWords,
    NewThread,
    OpenPullRequest,
    PullRequestOut,
    Resolution,
    ThreadOut,
)
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


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/undo",
    operation="Ask for a merged request to be undone (ours)",
    answer=RequestOut,
    status=201,
    errors=(409,),
)
def undo_request(id: UUID) -> RequestOut:  # noqa: A002
    """File the request that takes this one out again; 409 names the files that later changes build on."""
    return RequestOut.of(operations.undo(_request(id), by=me()))


# --- the change, and what is said about its lines --------------------------------------------------------


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/diff",
    operation="Get what a request changes (ours)",
    answer=DiffOut,
)
def show_diff(id: UUID) -> DiffOut:  # noqa: A002
    """Return the change, file by file and line by line, compared with main."""
    diff = queries.diff_of(_request(id))
    if diff is None:
        raise NotFound("Nothing is changed yet. As soon as there is work on this, it can be read here.")
    return DiffOut.model_validate(diff)


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/threads",
    operation="List what is said about lines of a change (ours)",
    answer=ThreadOut,
    many=True,
)
def list_threads(id: UUID) -> list[ThreadOut]:  # noqa: A002
    """Return every thread, oldest first, with where its lines are now; null once they are gone."""
    request = _request(id)
    return [ThreadOut.of(placed) for placed in where_now(request, queries.threads_of(request))]


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/threads",
    operation="Say something about lines of a change (ours)",
    body=NewThread,
    answer=ThreadOut,
    status=201,
    errors=(409,),
)
def open_thread(id: UUID, body: NewThread) -> ThreadOut:  # noqa: A002
    """Begin a thread on a line or on some lines; 409 when `commitSha` is not the newest version any more."""
    thread = operations.comment_on_lines(
        _request(id), by=me(), place=body.place, text=body.text, side=body.side, commit=body.commit_sha
    )
    return _thread_out(thread)


def _thread(request_id: UUID, thread_id: UUID) -> LineThread:
    return load_or_404(queries.thread_in(_request(request_id), thread_id))


def _thread_out(thread: LineThread) -> ThreadOut:
    return ThreadOut.of(where_now(thread.request, [thread])[0])


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/threads/<uuid:thread_id>",
    operation="Settle a thread or open it again (ours)",
    body=Resolution,
    answer=ThreadOut,
)
def resolve_thread(id: UUID, thread_id: UUID, body: Resolution) -> ThreadOut:  # noqa: A002
    """Say that what was said is done, or is not."""
    thread = _thread(id, thread_id)
    operations.resolve(thread, by=me(), resolved=body.resolved)
    return _thread_out(thread)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/threads/<uuid:thread_id>/comments",
    operation="Answer in a thread (ours)",
    body=LineWords,
    answer=ThreadOut,
    status=201,
)
def answer_thread(id: UUID, thread_id: UUID, body: LineWords) -> ThreadOut:  # noqa: A002
    """Answer what was said about lines; a thread that was settled is open again."""
    thread = _thread(id, thread_id)
    operations.answer(thread, by=me(), text=body.text)
    return _thread_out(thread)


def _comment(request_id: UUID, comment_id: UUID) -> LineComment:
    return load_or_404(queries.comment_in(_request(request_id), comment_id))


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/thread-comments/<uuid:comment_id>",
    operation="Change one's own words about lines (ours)",
    body=LineWords,
    answer=ThreadOut,
)
def change_comment(id: UUID, comment_id: UUID, body: LineWords) -> ThreadOut:  # noqa: A002
    """Change one's own words."""
    comment = _comment(id, comment_id)
    operations.change_comment(comment, by=me(), text=body.text)
    return _thread_out(comment.thread)


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/thread-comments/<uuid:comment_id>",
    operation="Take back one's own words about lines (ours)",
    status=204,
)
def take_comment_back(id: UUID, comment_id: UUID) -> None:  # noqa: A002
    """Take one's own words back; a thread that nothing is left of goes with them."""
    operations.take_back(_comment(id, comment_id), by=me())
