"""Connections to code hosts and deploy targets, for programs; what opens them is never given back."""

from dataclasses import replace
from uuid import UUID

from app.admin.api.base import administrator, blueprint
from app.admin.queries.people import organization_overseen_by
from app.admin.queries.projects import project_overseen_by, projects_among
from app.connections import operations, queries
from app.connections.models import Connection
from app.connections.schemas import (
    ConnectionChange,
    ConnectionOut,
    ConnectionsQuery,
    NewConnection,
    ProjectLink,
)
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.projects.schemas import ProjectOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.schemas import Paging


@endpoint(
    blueprint,
    "GET",
    "/admin/connections",
    operation="List connections",
    family="admin",
    query=ConnectionsQuery,
    answer=ConnectionOut,
    many=True,
    scope="admin",
    errors=(403,),
)
def list_connections(query: ConnectionsQuery) -> Page[Connection]:
    """List connections by name; a key sees those of its organization."""
    found = queries.connections_overseen_by(
        administrator(), organization_id=query.organization_id, provider=query.provider, text=query.q
    )
    return paginate(found, page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "POST",
    "/admin/connections",
    operation="Create connection",
    family="admin",
    body=NewConnection,
    answer=ConnectionOut,
    status=201,
    scope="admin",
    errors=(403, 404, 409),
)
def create_connection(body: NewConnection) -> Connection:
    """Make a connection of an organization, by default the key's own, else of the whole installation."""
    by = administrator()
    chosen = body.organization_id or by.confined_to
    organization = load_or_404(organization_overseen_by(by, chosen)) if chosen else None
    return operations.connect(organization, by=by, **body.model_dump(exclude={"organization_id"}))


@endpoint(
    blueprint,
    "GET",
    "/admin/connections/<uuid:id>",
    operation="Get connection",
    family="admin",
    answer=ConnectionOut,
    scope="admin",
    errors=(404,),
)
def get_connection(id: UUID) -> Connection:  # noqa: A002 - the contract's name
    """Return a connection; of its credentials, which are set and how they end."""
    return load_or_404(queries.connection_overseen_by(me(), id))


@endpoint(
    blueprint,
    "PATCH",
    "/admin/connections/<uuid:id>",
    operation="Update connection",
    family="admin",
    body=ConnectionChange,
    answer=ConnectionOut,
    scope="admin",
    errors=(404, 409),
)
def update_connection(id: UUID, body: ConnectionChange) -> Connection:  # noqa: A002 - the contract's name
    """Change a connection; what is missing stays, and a credential that is null is taken away."""
    connection = load_or_404(queries.connection_overseen_by(me(), id))
    operations.change(connection, by=me(), **body.model_dump())
    return connection


@endpoint(
    blueprint,
    "DELETE",
    "/admin/connections/<uuid:id>",
    operation="Delete connection",
    family="admin",
    status=204,
    scope="admin",
    errors=(404,),
)
def delete_connection(id: UUID) -> None:  # noqa: A002 - the contract's name
    """Take a connection away, with what opened it; its projects stay."""
    operations.disconnect(load_or_404(queries.connection_overseen_by(me(), id)), by=me())


@endpoint(
    blueprint,
    "GET",
    "/admin/connections/<uuid:id>/projects",
    operation="List projects linked to connection",
    family="admin",
    query=Paging,
    answer=ProjectOut,
    many=True,
    scope="admin",
    errors=(404,),
)
def list_linked_projects(id: UUID, query: Paging) -> Page[ProjectOut]:  # noqa: A002 - the contract's name
    """List the projects that go through a connection."""
    connection = load_or_404(queries.connection_overseen_by(me(), id))
    found = projects_among(me(), queries.linked_projects(connection))
    page = paginate(found, page=query.page, limit=query.limit)
    return replace(page, items=ProjectOut.several(page.items))


@endpoint(
    blueprint,
    "POST",
    "/admin/connections/<uuid:id>/projects",
    operation="Link project to connection",
    family="admin",
    body=ProjectLink,
    answer=ProjectOut,
    status=201,
    scope="admin",
    errors=(404, 409),
)
def link_project(id: UUID, body: ProjectLink) -> ProjectOut:  # noqa: A002 - the contract's name
    """Let a project go through a connection: one of its own organization, or of the whole installation."""
    connection = load_or_404(queries.connection_overseen_by(me(), id))
    project = load_or_404(project_overseen_by(me(), body.project_id))
    operations.link(
        connection,
        project_id=project.id,
        organization_id=project.organization_id,
        name=project.name,
        by=me(),
    )
    return ProjectOut.of(project)


@endpoint(
    blueprint,
    "DELETE",
    "/admin/connections/<uuid:id>/projects/<uuid:project_id>",
    operation="Unlink project from connection",
    family="admin",
    status=204,
    scope="admin",
    errors=(404,),
)
def unlink_project(id: UUID, project_id: UUID) -> None:  # noqa: A002 - the contract's name
    """Let a project no longer go through a connection."""
    connection = load_or_404(queries.connection_overseen_by(me(), id))
    project = load_or_404(project_overseen_by(me(), project_id))
    linked = queries.link_to(connection, project.id)
    if linked is None:
        raise NotFound("This project does not go through this connection.")
    operations.unlink(connection, linked, name=project.name, by=me())


@endpoint(
    blueprint,
    "GET",
    "/admin/organizations/<uuid:id>/connections",
    operation="List connections of organization",
    family="admin",
    query=Paging,
    answer=ConnectionOut,
    many=True,
    scope="admin",
    errors=(404,),
)
def list_organization_connections(id: UUID, query: Paging) -> Page[Connection]:  # noqa: A002 - the contract's name
    """List an organization's own connections, by name."""
    organization = load_or_404(organization_overseen_by(me(), id))
    found = queries.connections_overseen_by(me(), organization_id=organization.id)
    return paginate(found, page=query.page, limit=query.limit)
