"""The keys of the caller's programs."""

from uuid import UUID

from app.accounts import operations as accounts
from app.accounts.models import ApiKey
from app.accounts.queries import key_of, keys_of
from app.accounts.schemas import ApiKeyMade, ApiKeyOut, KeysQuery, NewApiKey
from app.core.paging import Page, paginate
from app.organizations import operations
from app.organizations.api.base import blueprint
from app.web.api import endpoint
from app.web.guards import me, scopes
from app.web.pages import load_or_404


@endpoint(
    blueprint,
    "GET",
    "/api-keys",
    operation="List API keys",
    query=KeysQuery,
    answer=ApiKeyOut,
    many=True,
)
def list_keys(query: KeysQuery) -> Page[ApiKey]:
    """List the caller's keys, newest first, without their secrets; `status` leaves out the others."""
    return paginate(keys_of(me(), status=query.status), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "POST",
    "/api-keys",
    operation="Create API key",
    body=NewApiKey,
    answer=ApiKeyMade,
    status=201,
    scope="admin",
    errors=(403,),
)
def create_key(body: NewApiKey) -> ApiKeyMade:
    """Make a key; `key` is its secret, this once.

    `organizationId` may be left out by who has only one. A key makes another only with the scope `admin`, and
    none that can do more than itself.
    """
    key, secret = operations.make_key(
        by=me(),
        name=body.name,
        scopes=body.scopes,
        organization_id=body.organization_id,
        expires_at=body.expires_at,
        at_most=scopes(),
    )
    return ApiKeyMade(**ApiKeyOut.model_validate(key).model_dump(), key=secret)


@endpoint(blueprint, "GET", "/api-keys/<uuid:id>", operation="Get API key", answer=ApiKeyOut, errors=(404,))
def get_key(id: UUID) -> ApiKey:  # noqa: A002 - the contract's name
    """Return one of the caller's keys, without its secret."""
    return load_or_404(key_of(me(), id))


@endpoint(
    blueprint,
    "POST",
    "/api-keys/<uuid:id>/revoke",
    operation="Revoke API key",
    answer=ApiKeyOut,
    errors=(404,),
)
def revoke_key(id: UUID) -> ApiKey:  # noqa: A002 - the contract's name
    """End a key; it stays in the list."""
    key = load_or_404(key_of(me(), id))
    accounts.revoke_api_key(key, by=me())
    return key


@endpoint(
    blueprint, "DELETE", "/api-keys/<uuid:id>", operation="Delete API key", answer=ApiKeyOut, errors=(404,)
)
def delete_key(id: UUID) -> ApiKey:  # noqa: A002 - the contract's name
    """End a key and take it off the list; the answer is what it was."""
    key = load_or_404(key_of(me(), id))
    accounts.delete_api_key(key, by=me())
    return key
