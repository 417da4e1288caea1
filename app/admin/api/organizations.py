"""Every organization of the installation, for programs of its admin."""

from dataclasses import replace
from uuid import UUID

from app.admin import operations
from app.admin.api.base import blueprint
from app.admin.permissions import can_administer_organizations
from app.admin.queries import organizations as queries
from app.admin.schemas.organizations import NewOrganization, OrganizationsQuery, OverseenOrganization
from app.core.errors import NotAllowed
from app.core.paging import Page, paginate
from app.organizations import operations as organizations
from app.organizations.models import Organization
from app.organizations.queries import every_organization
from app.organizations.schemas import OrganizationChange
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.uploads import uploads


@endpoint(
    blueprint,
    "GET",
    "/admin/organizations",
    operation="List all organizations",
    family="admin",
    query=OrganizationsQuery,
    answer=OverseenOrganization,
    many=True,
    scope="admin",
    errors=(403,),
)
def list_organizations(query: OrganizationsQuery) -> Page[OverseenOrganization]:
    """List the organizations of the installation by name; `q` looks in names and addresses."""
    _administer()
    page = paginate(every_organization(query.q), page=query.page, limit=query.limit)
    counts = queries.counts_of([each.id for each in page.items])
    return replace(
        page, items=[OverseenOrganization.seen(each, counts[each.id], to=me()) for each in page.items]
    )


@endpoint(
    blueprint,
    "POST",
    "/admin/organizations",
    operation="Create organization",
    family="admin",
    body=NewOrganization,
    answer=OverseenOrganization,
    status=201,
    scope="admin",
    errors=(403, 409),
)
def create_organization(body: NewOrganization) -> OverseenOrganization:
    """Make an organization; the caller is its first admin."""
    return _shown(operations.create_organization(by=me(), **body.what()))


@endpoint(
    blueprint,
    "GET",
    "/admin/organizations/<uuid:id>",
    operation="Get organization",
    family="admin",
    answer=OverseenOrganization,
    scope="admin",
    errors=(403, 404),
)
def get_organization(id: UUID) -> OverseenOrganization:  # noqa: A002 - the contract's name
    """Return an organization, whoever belongs to it."""
    return _shown(_organization(id))


@endpoint(
    blueprint,
    "PUT",
    "/admin/organizations/<uuid:id>",
    operation="Update organization",
    family="admin",
    body=OrganizationChange,
    answer=OverseenOrganization,
    scope="admin",
    errors=(403, 404, 409),
)
def update_organization(id: UUID, body: OrganizationChange) -> OverseenOrganization:  # noqa: A002
    """Change an organization; what is missing stays, a limit of null is none. Former slugs lead to it."""
    organization = _organization(id)
    operations.edit_organization(organization, by=me(), **body.over(organization.limits))
    return _shown(organization)


@endpoint(
    blueprint,
    "DELETE",
    "/admin/organizations/<uuid:id>",
    operation="Delete organization",
    family="admin",
    answer=OverseenOrganization,
    scope="admin",
    errors=(403, 404),
)
def delete_organization(id: UUID) -> OverseenOrganization:  # noqa: A002 - the contract's name
    """Take an organization away with all that is in it; there is no way back.

    Its members do not see it any more at once; what runs ends first, then rows and repositories go.
    """
    organization = _organization(id)
    operations.delete_organization(organization, by=me(), name=organization.name)
    return _shown(organization)


@endpoint(
    blueprint,
    "POST",
    "/admin/organizations/<uuid:id>/logo",
    operation="Upload organization logo",
    family="admin",
    files="logo",
    answer=OverseenOrganization,
    scope="admin",
    errors=(403, 404, 413),
)
def set_logo(id: UUID) -> OverseenOrganization:  # noqa: A002 - the contract's name
    """Show a PNG, JPEG, WebP or GIF of at most 5 MB as the logo; it is kept as a PNG, 256 wide or high."""
    organization = _organization(id)
    organizations.set_logo(organization, next(iter(uploads("logo", "file")), None), by=me())
    return _shown(organization)


@endpoint(
    blueprint,
    "DELETE",
    "/admin/organizations/<uuid:id>/logo",
    operation="Delete organization logo",
    family="admin",
    answer=OverseenOrganization,
    scope="admin",
    errors=(403, 404),
)
def remove_logo(id: UUID) -> OverseenOrganization:  # noqa: A002 - the contract's name
    """Show initials instead of a logo."""
    organization = _organization(id)
    organizations.remove_logo(organization, by=me())
    return _shown(organization)


def _organization(organization_id: UUID) -> Organization:
    found = load_or_404(queries.organization_seen_by(me(), organization_id))
    _administer()
    return found


def _shown(organization: Organization) -> OverseenOrganization:
    counts = queries.counts_of([organization.id])[organization.id]
    return OverseenOrganization.seen(organization, counts, to=me())


def _administer() -> None:
    if not can_administer_organizations(me()):
        raise NotAllowed("Only an admin of the whole installation sees this.")
