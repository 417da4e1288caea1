"""The accounts of the installation, for programs; inviting somebody stands with the invitations."""

from dataclasses import replace
from uuid import UUID

from app.admin import operations
from app.admin.api.base import administrator, blueprint
from app.admin.queries import people as queries
from app.admin.schemas.people import AccountOut, Deletion, PeopleChange, PeopleQuery, PersonChange
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404


@endpoint(
    blueprint,
    "GET",
    "/admin/users",
    operation="List users",
    family="admin",
    query=PeopleQuery,
    answer=AccountOut,
    many=True,
    scope="admin",
    errors=(403,),
)
def list_users(query: PeopleQuery) -> Page[AccountOut]:
    """List the accounts by name; `q` looks into names and e-mails. A key sees those of its organization."""
    by = administrator()
    found = queries.people_overseen_by(
        by,
        text=query.q,
        organization_id=query.organization_id,
        is_admin=query.is_admin,
        is_active=query.active,
    )
    page = paginate(found, page=query.page, limit=query.limit)
    return replace(page, items=[AccountOut.of(person, to=by) for person in page.items])


@endpoint(
    blueprint,
    "PATCH",
    "/admin/users",
    operation="Update users in bulk",
    family="admin",
    body=PeopleChange,
    answer=AccountOut,
    many=True,
    scope="admin",
    errors=(403, 404, 409),
)
def update_users(body: PeopleChange) -> Page[AccountOut]:
    """Open or shut up to 100 accounts, or let them administer the installation: all of them, or none."""
    by = administrator()
    people = queries.people_named(by, set(body.user_ids))
    if len(people) != len(set(body.user_ids)):
        raise NotFound("Not all of these people are here, so nobody was changed. Look at the ids again.")
    operations.change_people(people, by=by, active=body.active, is_admin=body.is_admin)
    shown = [AccountOut.of(person, to=by) for person in people]
    return Page(shown, page=1, limit=len(shown), total=len(shown))


@endpoint(
    blueprint,
    "GET",
    "/admin/users/<uuid:id>",
    operation="Get user",
    family="admin",
    answer=AccountOut,
    scope="admin",
    errors=(404,),
)
def get_user(id: UUID) -> AccountOut:  # noqa: A002 - the contract's name
    """Return an account and where it belongs."""
    return AccountOut.of(load_or_404(queries.person_overseen_by(me(), id)), to=me())


@endpoint(
    blueprint,
    "PUT",
    "/admin/users/<uuid:id>",
    operation="Update user",
    family="admin",
    body=PersonChange,
    answer=AccountOut,
    scope="admin",
    errors=(403, 404, 409),
)
def update_user(id: UUID, body: PersonChange) -> AccountOut:  # noqa: A002 - the contract's name
    """Change an account. `active: false` ends its sessions and revokes its keys at once, for good."""
    person = load_or_404(queries.person_overseen_by(me(), id))
    operations.change_person(person, by=me(), **body.model_dump())
    return AccountOut.of(person, to=me())


@endpoint(
    blueprint,
    "DELETE",
    "/admin/users/<uuid:id>",
    operation="Delete user",
    family="admin",
    query=Deletion,
    status=204,
    scope="admin",
    errors=(403, 404, 409),
)
def delete_user(id: UUID, query: Deletion) -> None:  # noqa: A002 - the contract's name
    """Delete an account. What they asked for stays, as a former member's, or goes to `successorId`."""
    person = load_or_404(queries.person_overseen_by(me(), id))
    chosen = query.successor_id
    successor = load_or_404(queries.person_overseen_by(me(), chosen)) if chosen else None
    operations.delete_person(person, by=me(), successor=successor)
