"""Organizations, their people, and who the caller is."""

from dataclasses import replace
from uuid import UUID

from app.accounts.operations import change_profile
from app.accounts.schemas import ProfileChange
from app.core.paging import Page, paginate
from app.organizations import operations, queries
from app.organizations.api.base import blueprint, organization_with
from app.organizations.schemas import MemberOut, OrganizationChange, OrganizationOut, UserOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.schemas import Paging


@endpoint(blueprint, "GET", "/users/me", operation="Get current user", answer=UserOut)
def get_current_user() -> UserOut:
    """Return the caller and the organizations they belong to; through a key, only the key's."""
    return UserOut.of(me())


@endpoint(blueprint, "PUT", "/users/me", operation="Update current user", body=ProfileChange, answer=UserOut)
def update_current_user(body: ProfileChange) -> UserOut:
    """Change the caller's name or theme; what is missing stays."""
    change_profile(me(), name=body.name, theme=body.theme)
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
    errors=(403, 404),
)
def update_organization(id: UUID, body: OrganizationChange) -> OrganizationOut:  # noqa: A002 - the contract's name
    """Rename an organization; its address stays."""
    organization = organization_with(id)
    operations.rename(organization, by=me(), name=body.name)
    return OrganizationOut.of(organization, to=me())


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/users",
    operation="List organization users",
    query=Paging,
    answer=MemberOut,
    many=True,
    errors=(404,),
)
def list_users(id: UUID, query: Paging) -> Page[MemberOut]:  # noqa: A002 - the contract's name
    """List who belongs to an organization, by name."""
    return paginate(queries.members_of(organization_with(id)), page=query.page, limit=query.limit)
