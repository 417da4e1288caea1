"""The domain of an app, for programs; and what a front proxy asks before it gets a certificate."""

from app.apps import operations, queries
from app.apps.api.base import declare, find_app
from app.apps.schemas.domains import DomainOut, HostAsked, NewDomain
from app.apps.schemas.listing import Success
from app.core.errors import NotFound
from app.web.guards import me


@declare(
    "GET",
    "/apps/<prefixed('app'):id>/domain",
    operation="Get the custom domain",
    answer=DomainOut | None,
    errors=(404,),
)
def get_domain(id: str) -> DomainOut | None:  # noqa: A002 - the contract's name
    """Return the app's domain with the records that prove it, or null where it has none."""
    domain = queries.domain_of(find_app(id))
    return DomainOut.of(domain) if domain is not None else None


@declare(
    "PUT",
    "/apps/<prefixed('app'):id>/domain",
    operation="Attach or replace the custom domain",
    body=NewDomain,
    answer=DomainOut,
    errors=(403, 404, 409),
)
def attach_domain(id: str, body: NewDomain) -> DomainOut:  # noqa: A002
    """Attach a host name; it is `pending` until one of its records is seen, and looked for by itself."""
    return DomainOut.of(operations.attach_domain(find_app(id), by=me(), hostname=body.hostname))


@declare(
    "DELETE",
    "/apps/<prefixed('app'):id>/domain",
    operation="Detach the custom domain",
    answer=Success,
    errors=(403, 404, 409),
)
def detach_domain(id: str) -> Success:  # noqa: A002
    """Take the host name off the app; nothing is found there any more."""
    operations.detach_domain(find_app(id), by=me())
    return Success()


@declare(
    "POST",
    "/apps/<prefixed('app'):id>/domain/check",
    operation="Look at the records of a domain again (ours)",
    answer=DomainOut,
    errors=(403, 404, 409),
)
def check_domain(id: str) -> DomainOut:  # noqa: A002
    """Look at the DNS now, also where it was given up."""
    return DomainOut.of(operations.check_again(find_app(id), by=me()))


@declare(
    "GET",
    "/domains/ask",
    operation="Ask whether a host name is served here (ours)",
    query=HostAsked,
    answer=Success,
    public=True,
    errors=(404,),
)
def ask_for_domain(query: HostAsked) -> Success:
    """Answer 200 for a host name that an app has and proved, 404 else: Caddy's `ask` for certificates."""
    if not queries.is_served(query.domain):
        raise NotFound("No app here has this host name.")
    return Success()
