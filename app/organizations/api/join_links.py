"""Links by which several people come in, for programs."""

from uuid import UUID

from app.core.errors import Invalid, NotFound
from app.core.paging import Page, paginate
from app.organizations import operations, queries
from app.organizations.api.base import administered, blueprint, organization_with
from app.organizations.models import JoinLink
from app.organizations.schemas import (
    Acceptance,
    Accepted,
    JoinLinkMade,
    JoinLinkOut,
    JoinLinkShown,
    NewJoinLink,
)
from app.web.api import endpoint
from app.web.guards import caller, me
from app.web.limits import SIGN_IN, limiter
from app.web.pages import load_or_404
from app.web.schemas import Paging


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/join-links",
    operation="List join links (ours)",
    query=Paging,
    answer=JoinLinkOut,
    many=True,
    errors=(403, 404),
)
def list_join_links(id: UUID, query: Paging) -> Page[JoinLink]:  # noqa: A002 - the contract's name
    """List the links by which several people come in, newest first, without their addresses."""
    return paginate(queries.join_links_of(administered(id)), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "POST",
    "/organizations/<uuid:id>/join-links",
    operation="Make a join link (ours)",
    body=NewJoinLink,
    answer=JoinLinkMade,
    status=201,
    errors=(403, 404),
)
def make_join_link(id: UUID, body: NewJoinLink) -> JoinLinkMade:  # noqa: A002 - the contract's name
    """Make a link for `mostUses` people and `days` days; the answer carries its address, this once."""
    return JoinLinkMade.of(*operations.make_join_link(organization_with(id), by=me(), **body.model_dump()))


@endpoint(
    blueprint,
    "DELETE",
    "/organizations/<uuid:id>/join-links/<uuid:link_id>",
    operation="End a join link (ours)",
    answer=JoinLinkOut,
    errors=(403, 404),
)
def end_join_link(id: UUID, link_id: UUID) -> JoinLink:  # noqa: A002 - the contract's name
    """End a link; who came in by it stays."""
    link = load_or_404(queries.join_link_of(organization_with(id), link_id))
    operations.end_join_link(link, by=me())
    return link


@endpoint(
    blueprint,
    "GET",
    "/join-links/token/<token>",
    operation="Validate a join link (ours)",
    answer=JoinLinkShown,
    public=True,
    errors=(404,),
)
def validate_join_link(token: str) -> JoinLinkShown:
    """Say where a join link leads and whether it still lets somebody in."""
    return JoinLinkShown.of(_link(token))


@endpoint(
    blueprint,
    "POST",
    "/join-links/token/<token>/accept",
    operation="Come in by a join link (ours)",
    body=Acceptance,
    answer=Accepted,
    public=True,
    errors=(403, 404, 409, 429),
)
@limiter.limit(SIGN_IN)
def use_join_link(token: str, body: Acceptance) -> Accepted:
    """Join as the caller; without one, as the new person that `name`, `email` and `password` describe."""
    link = _link(token)
    if caller() is not None:
        operations.come_in(link, by=me())
        user = me()
    elif body.name and body.email and body.password:
        user = operations.come_in_as_new(link, name=body.name, email=body.email, password=body.password)
    else:
        raise Invalid.field(
            "password", "Sign in first, or send `name`, `email` and `password` of who is new.", type="missing"
        )
    return Accepted.model_validate({"organization": link.organization, "role": link.role, "user": user})


def _link(token: str) -> JoinLink:
    link = queries.join_link_of_token(token)
    if link is None:
        raise NotFound("There is no such link. Ask who gave it to you.")
    return link
