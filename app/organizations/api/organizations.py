"""Organizations, their people, and who the caller is."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from app.accounts.operations import change_profile
from app.accounts.schemas import ProfileChange, ResetLinkOut
from app.core.errors import NotAllowed
from app.core.paging import Page, paginate
from app.organizations import operations, permissions, queries
from app.organizations.api.base import blueprint, organization_with
from app.organizations.schemas import MemberOut, OrganizationChange, OrganizationOut, UserOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.limits import SIGN_IN, limiter
from app.web.pages import load_or_404
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


@endpoint(
    blueprint,
    "POST",
    "/organizations/<uuid:id>/users/<uuid:user_id>/reset-link",
    operation="Make a link to a new password for a member (ours)",
    answer=ResetLinkOut,
    status=201,
    scope="admin",
    errors=(403, 404, 409),
)
def give_reset_link(id: UUID, user_id: UUID) -> ResetLinkOut:  # noqa: A002 - the contract's name
    """Make a single-use link at which a member of the caller's organizations alone sets a new password."""
    here = organization_with(id)
    member = load_or_404(queries.member_of(here, user_id))
    if not permissions.can_administer(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} can do this.")
    return ResetLinkOut(url=operations.give_reset_link(member.user, by=me()))


@endpoint(
    blueprint,
    "POST",
    "/admin/users/<uuid:user_id>/reset-link",
    operation="Make a link to a new password for anybody (ours)",
    family="admin",
    answer=ResetLinkOut,
    status=201,
    scope="admin",
    errors=(404, 409),
)
def give_reset_link_to_anybody(user_id: UUID) -> ResetLinkOut:
    """Make a single-use link at which a person sets a new password; for the installation's admin."""
    person = load_or_404(queries.person_overseen_by(me(), user_id))
    return ResetLinkOut(url=operations.give_reset_link(person, by=me()))
