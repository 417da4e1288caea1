"""Reactions to requests and comments, and who watches, for programs."""

from uuid import UUID

from app.accounts.models import User
from app.core.paging import Page, paginate
from app.organizations.schemas import PersonRef
from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import Activity, ProductRequest
from app.requests.schemas import Reacting, ReactionOut, Watching, WatchOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.schemas import Paging


def _reactions(request: ProductRequest, to: Activity | None = None) -> list[ReactionOut]:
    tallies = queries.reactions_to(request).get(to.id if to is not None else None, [])
    return [ReactionOut.of(tally) for tally in tallies]


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/reactions",
    operation="List reactions to a request (ours)",
    answer=ReactionOut,
    many=True,
    errors=(404,),
)
def list_reactions(id: UUID) -> list[ReactionOut]:  # noqa: A002 - the contract's name
    """List how people reacted to a request, each kind with who had it."""
    return _reactions(find_request(id))


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/reactions",
    operation="React to a request (ours)",
    body=Reacting,
    answer=ReactionOut,
    many=True,
    errors=(403, 404),
)
def react_to_request(id: UUID, body: Reacting) -> list[ReactionOut]:  # noqa: A002 - the contract's name
    """Have a reaction of a kind to a request, or take it back with `reacted: false`; returns all of them."""
    request = find_request(id)
    operations.react(request, body.kind, by=me(), reacted=body.reacted)
    return _reactions(request)


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/comments/<uuid:comment_id>/reactions",
    operation="React to a comment (ours)",
    body=Reacting,
    answer=ReactionOut,
    many=True,
    errors=(403, 404),
)
def react_to_comment(id: UUID, comment_id: UUID, body: Reacting) -> list[ReactionOut]:  # noqa: A002
    """Have a reaction of a kind to a comment, or take it back with `reacted: false`; returns all of them."""
    request = find_request(id)
    comment = load_or_404(queries.comment_in(request, comment_id))
    operations.react(request, body.kind, by=me(), reacted=body.reacted, to=comment)
    return _reactions(request, comment)


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/watchers",
    operation="List who watches a request (ours)",
    query=Paging,
    answer=PersonRef,
    many=True,
    errors=(404,),
)
def list_watchers(id: UUID, query: Paging) -> Page[User]:  # noqa: A002 - the contract's name
    """List who is told what happens to a request, by name."""
    return paginate(queries.watching(find_request(id)), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/watching",
    operation="Watch a request, or stop watching it (ours)",
    body=Watching,
    answer=WatchOut,
    errors=(404,),
)
def watch_request(id: UUID, body: Watching) -> WatchOut:  # noqa: A002 - the contract's name
    """Be told what happens to a request, or not any more, whatever one does with it later."""
    request = find_request(id)
    operations.watch(request, by=me(), watching=body.watching)
    watchers = queries.watchers_of(request)
    return WatchOut(watching=any(person.id == me().id for person in watchers), count=len(watchers))
