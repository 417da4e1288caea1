"""What people say of requests, for programs."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.core.paging import Page, paginate
from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import Activity, ProductRequest
from app.requests.schemas import CommentChange, CommentOut, NewComment
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.schemas import Paging


def _comment(request_id: UUID, comment_id: UUID) -> Activity:
    return load_or_404(queries.comment_in(find_request(request_id), comment_id))


def _shown(request: ProductRequest, comments: Sequence[Activity]) -> list[CommentOut]:
    mentioned = queries.mentioned_in([comment.id for comment in comments])
    reactions = queries.reactions_to(request)
    return [
        CommentOut.of(comment, mentioned.get(comment.id, []), reactions.get(comment.id, []))
        for comment in comments
    ]


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/comments",
    operation="List request comments",
    query=Paging,
    answer=CommentOut,
    many=True,
    errors=(404,),
)
def list_comments(id: UUID, query: Paging) -> Page[CommentOut]:  # noqa: A002 - the contract's name
    """List what people said of a request, oldest first."""
    request = find_request(id)
    page = paginate(queries.comments_of(request), page=query.page, limit=query.limit)
    return replace(page, items=_shown(request, page.items))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/comments",
    operation="Create comment",
    body=NewComment,
    answer=CommentOut,
    status=201,
    errors=(403, 404),
)
def create_comment(id: UUID, body: NewComment) -> CommentOut:  # noqa: A002 - the contract's name
    """Say something of a request, in Markdown; `@` and the name of somebody who can see it tells them."""
    request = find_request(id)
    said = operations.comment(request, by=me(), text=body.content)
    return _shown(request, [said])[0]


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/comments/<uuid:comment_id>",
    operation="Get single comment",
    answer=CommentOut,
    tagged=True,
    errors=(404,),
)
def get_comment(id: UUID, comment_id: UUID) -> CommentOut:  # noqa: A002 - the contract's name
    """Return something that was said of a request and not taken back."""
    comment = _comment(id, comment_id)
    return _shown(comment.request, [comment])[0]


@endpoint(
    blueprint,
    "PATCH",
    "/requests/<uuid:id>/comments/<uuid:comment_id>",
    operation="Update comment",
    body=CommentChange,
    answer=CommentOut,
    changes=get_comment,
    errors=(403, 404, 409),
)
def update_comment(id: UUID, comment_id: UUID, body: CommentChange) -> CommentOut:  # noqa: A002
    """Change one's own words. With an older `version` than stands it is a 409 that says what stands now."""
    comment = _comment(id, comment_id)
    operations.change_comment(comment, by=me(), text=body.content, version=body.version)
    return _shown(comment.request, [comment])[0]


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/comments/<uuid:comment_id>",
    operation="Delete comment",
    status=204,
    errors=(403, 404),
)
def delete_comment(id: UUID, comment_id: UUID) -> None:  # noqa: A002 - the contract's name
    """Take back one's own words, or as an admin anybody's; the feed keeps that something was said."""
    operations.remove_comment(_comment(id, comment_id), by=me())
