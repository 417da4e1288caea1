"""What a request has to do with others, and where it stands among them, for programs."""

from uuid import UUID

from app.accounts.models import User
from app.core.errors import Invalid
from app.core.paging import Page, paginate
from app.organizations.schemas import PersonRef
from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import ProductRequest
from app.requests.schemas import Archived, Position, RequestOut, RequestRef, Voted, WhichRequest
from app.web.api import endpoint
from app.web.guards import me
from app.web.schemas import Paging


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/votes",
    operation="List who voted for a request (ours)",
    query=Paging,
    answer=PersonRef,
    many=True,
    errors=(404,),
)
def list_votes(id: UUID, query: Paging) -> Page[User]:  # noqa: A002 - the contract's name
    """List who would like to have it, in the order in which they said so."""
    return paginate(queries.voters_for(find_request(id)), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/vote",
    operation="Vote for a request (ours)",
    answer=Voted,
    errors=(403, 404, 409),
)
def vote(id: UUID) -> Voted:  # noqa: A002
    """Say that you would like to have it, too; a second time changes nothing."""
    request = find_request(id)
    operations.vote(request, by=me())
    return Voted.of(request, me())


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/vote",
    operation="Take a vote back (ours)",
    answer=Voted,
    errors=(403, 404),
)
def take_vote_back(id: UUID) -> Voted:  # noqa: A002
    """Take your vote back; without one, nothing changes."""
    request = find_request(id)
    operations.take_vote_back(request, by=me())
    return Voted.of(request, me())


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/blockers",
    operation="List what a request waits for (ours)",
    answer=RequestRef,
    many=True,
    errors=(404,),
)
def list_blockers(id: UUID) -> list[ProductRequest]:  # noqa: A002
    """List the requests that hold the start of this one back, as far as you may see them."""
    return queries.blockers_visible_to(me(), find_request(id))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/blockers",
    operation="Let a request wait for another (ours)",
    body=WhichRequest,
    answer=RequestOut,
    errors=(403, 404, 409),
)
def wait_for(id: UUID, body: WhichRequest) -> RequestOut:  # noqa: A002
    """Hold the start of a request back until another one of the organization is merged or dropped.

    Where both would wait for each other in the end, it is a 409 `circle` that names them.
    """
    request = find_request(id)
    operations.wait_for(request, _other(body.request_id), by=me())
    return RequestOut.of(request)


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/blockers/<uuid:blocker_id>",
    operation="Let a request wait no longer (ours)",
    answer=RequestOut,
    errors=(403, 404),
)
def stop_waiting(id: UUID, blocker_id: UUID) -> RequestOut:  # noqa: A002
    """Let a request start without waiting for another one any longer."""
    request = find_request(id)
    operations.stop_waiting(request, find_request(blocker_id), by=me())
    return RequestOut.of(request)


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/duplicate-of",
    operation="Close a request as the same as another (ours)",
    body=WhichRequest,
    answer=RequestOut,
    errors=(403, 404, 409),
)
def merge_into(id: UUID, body: WhichRequest) -> RequestOut:  # noqa: A002
    """Close a request as the same as another one of its project, which goes on with the votes of both.

    The transition `reopen` takes it back.
    """
    request = find_request(id)
    operations.merge_into(request, _other(body.request_id), by=me())
    return RequestOut.of(request)


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/position",
    operation="Put a request elsewhere in its column (ours)",
    body=Position,
    answer=RequestOut,
    errors=(403, 404),
)
def arrange(id: UUID, body: Position) -> RequestOut:  # noqa: A002
    """Put a request one up or down, at an end of its column, or right after or before another of it."""
    request = find_request(id)
    if body.to is not None:
        operations.shift(request, by=me(), to=body.to)
    else:
        after, before = (
            queries.card_in(request.project_id, request.status, each) if each else None
            for each in (body.after, body.before)
        )
        operations.arrange(request, by=me(), after=after, before=before)
    return RequestOut.of(request)


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/archived",
    operation="Put a request away or back (ours)",
    body=Archived,
    answer=RequestOut,
    errors=(403, 404, 409),
)
def put_away(id: UUID, body: Archived) -> RequestOut:  # noqa: A002
    """Put a request at rest away, off the board, or back on it."""
    request = find_request(id)
    (operations.archive if body.archived else operations.unarchive)(request, by=me())
    return RequestOut.of(request)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/adoption",
    operation="Take over what a guest asked for (ours)",
    answer=RequestOut,
    errors=(403, 404, 409),
)
def adopt(id: UUID) -> RequestOut:  # noqa: A002
    """Make what a guest asked for your own request; until then it can only be dropped."""
    request = find_request(id)
    operations.adopt(request, by=me())
    return RequestOut.of(request)


def _other(request_id: UUID) -> ProductRequest:
    found = queries.one_visible_to(me(), request_id)
    if found is None:
        raise Invalid.field("requestId", "There is no such request that you can see.")
    return found
