"""Who belongs to an organization, for programs."""

from uuid import UUID

from app.accounts.schemas import ResetLinkOut
from app.core.errors import NotAllowed
from app.core.paging import Page, paginate
from app.organizations import operations, permissions, queries
from app.organizations.api.base import blueprint, organization_with
from app.organizations.models import Membership
from app.organizations.schemas import MemberOut, MembersQuery, RoleChange
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/users",
    operation="List organization users",
    query=MembersQuery,
    answer=MemberOut,
    many=True,
    errors=(404,),
)
def list_users(id: UUID, query: MembersQuery) -> Page[Membership]:  # noqa: A002 - the contract's name
    """List who belongs to an organization, by name; `q` looks in names and e-mails."""
    found = queries.members_of(organization_with(id), text=query.q, role=query.role)
    return paginate(found, page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "PUT",
    "/organizations/<uuid:id>/users/<uuid:user_id>",
    operation="Change a member's role (ours)",
    body=RoleChange,
    answer=MemberOut,
    errors=(403, 404, 409),
)
def change_role(id: UUID, user_id: UUID, body: RoleChange) -> Membership:  # noqa: A002 - the contract's name
    """Give a member another role; the last admin keeps theirs (409)."""
    member = load_or_404(queries.member_of(organization_with(id), user_id))
    operations.change_role(member, by=me(), role=body.role)
    return member


@endpoint(
    blueprint,
    "DELETE",
    "/organizations/<uuid:id>/users/<uuid:user_id>",
    operation="Remove a member, or leave (ours)",
    status=204,
    errors=(403, 404, 409),
)
def remove_member(id: UUID, user_id: UUID) -> None:  # noqa: A002 - the contract's name
    """Take a member out, or with one's own id leave; the last admin stays (409). What they wrote stays."""
    operations.remove_member(load_or_404(queries.member_of(organization_with(id), user_id)), by=me())


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
