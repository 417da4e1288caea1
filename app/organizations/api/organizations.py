"""Organizations, what they use, and who the caller is."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from app.accounts.operations import change_profile
from app.accounts.schemas import ProfileChange
from app.core.paging import Page, paginate
from app.organizations import operations, queries
from app.organizations.api.base import blueprint, organization_with
from app.organizations.schemas import OrganizationChange, OrganizationOut, UsageOut, UserOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.limits import SIGN_IN, limiter
from app.web.schemas import Paging


@endpoint(blueprint, "GET", "/users/me", operation="Get current user", answer=UserOut)
def get_current_user() -> UserOut:
    """Return the caller and the organizations they belong to; through a key, only the key's."""
    return UserOut.of(me())


@endpoint(
    blueprint,
    "PUT",
    "/users/me",
    operation="Update current user",
    body=ProfileChange,
    answer=UserOut,
    errors=(429,),
)
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def update_current_user(body: ProfileChange) -> UserOut:
    """Change the caller's name, e-mail, theme or time zone; what is missing stays."""
    change_profile(me(), **body.model_dump())
    return UserOut.of(me())


@endpoint(
    blueprint,
    "GET",
    "/organizations",
    operation="List organizations",
    query=Paging,
    answer=OrganizationOut,
    many=True,
)
def list_organizations(query: Paging) -> Page[OrganizationOut]:
    """List the organizations that the caller belongs to."""
    page = paginate(queries.organizations_of(me()), page=query.page, limit=query.limit)
    return replace(page, items=[OrganizationOut.of(one, to=me()) for one in page.items])


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>",
    operation="Get organization details",
    answer=OrganizationOut,
    tagged=True,
    errors=(404,),
)
def get_organization(id: UUID) -> OrganizationOut:  # noqa: A002 - the contract's name
    """Return one of the caller's organizations."""
    return OrganizationOut.of(organization_with(id), to=me())


@endpoint(
    blueprint,
    "PUT",
    "/organizations/<uuid:id>",
    operation="Update organization",
    body=OrganizationChange,
    answer=OrganizationOut,
    changes=get_organization,
    errors=(403, 404, 409),
)
def update_organization(id: UUID, body: OrganizationChange) -> OrganizationOut:  # noqa: A002 - the contract's name
    """Change an organization; what is missing stays, a limit of null is none. Former slugs lead to it."""
    organization = organization_with(id)
    operations.edit_organization(organization, by=me(), **body.over(organization.limits))
    return OrganizationOut.of(organization, to=me())


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/usage",
    operation="Get organization usage",
    answer=UsageOut,
    errors=(404,),
)
def get_usage(id: UUID) -> UsageOut:  # noqa: A002 - the contract's name
    """Return what an organization used in this calendar month (UTC) beside its limits; null is no limit.

    `usagePercentage` is that of the requests. Storage is weighed once an hour, at `storageWeighedAt`.
    `tokenCost` is what the language model's tokens cost, null where no price is set.
    """
    return UsageOut.of(operations.count_usage(organization_with(id)))
