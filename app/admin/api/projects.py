"""The projects of the installation, for programs; making one stands with the projects."""

from dataclasses import replace
from uuid import UUID

from app.admin import operations
from app.admin.api.base import administrator, blueprint
from app.admin.queries import projects as queries
from app.admin.schemas.projects import OverseenProjectChange, OverseenProjectsQuery
from app.connections.models import Connection
from app.connections.queries import connections_of_project
from app.connections.schemas import ConnectionOut
from app.core.paging import Page, paginate
from app.projects.schemas import ProjectOut
from app.web.api import endpoint
from app.web.guards import me, works_at_rest
from app.web.pages import load_or_404
from app.web.schemas import Paging


@endpoint(
    blueprint,
    "GET",
    "/admin/projects",
    operation="List all projects",
    family="admin",
    query=OverseenProjectsQuery,
    answer=ProjectOut,
    many=True,
    scope="admin",
    errors=(403,),
)
def list_projects(query: OverseenProjectsQuery) -> Page[ProjectOut]:
    """List the projects of all organizations, by organization and name; a key sees those of its own."""
    found = queries.projects_overseen_by(
        administrator(), text=query.q, organization_id=query.organization_id, is_archived=query.archived
    )
    page = paginate(found, page=query.page, limit=query.limit)
    return replace(page, items=ProjectOut.several(page.items))


@endpoint(
    blueprint,
    "GET",
    "/admin/projects/<uuid:id>",
    operation="Get project",
    family="admin",
    answer=ProjectOut,
    scope="admin",
    errors=(404,),
)
def get_project(id: UUID) -> ProjectOut:  # noqa: A002 - the contract's name
    """Return a project of any organization."""
    return ProjectOut.of(load_or_404(queries.project_overseen_by(me(), id)))


@endpoint(
    blueprint,
    "PUT",
    "/admin/projects/<uuid:id>",
    operation="Update project",
    family="admin",
    body=OverseenProjectChange,
    answer=ProjectOut,
    scope="admin",
    errors=(404,),
)
@works_at_rest
def update_project(id: UUID, body: OverseenProjectChange) -> ProjectOut:  # noqa: A002 - the contract's name
    """Change what a project is called, who sees it, and whether it rests; what is missing stays."""
    project = load_or_404(queries.project_overseen_by(me(), id))
    operations.change_project(project, by=me(), **body.model_dump())
    return ProjectOut.of(project)


@endpoint(
    blueprint,
    "DELETE",
    "/admin/projects/<uuid:id>",
    operation="Delete project",
    family="admin",
    status=204,
    scope="admin",
    errors=(404, 409),
)
@works_at_rest
def delete_project(id: UUID) -> None:  # noqa: A002 - the contract's name
    """Delete a project with its repository, requests and previews; what still runs of it ends first."""
    operations.delete_project(load_or_404(queries.project_overseen_by(me(), id)), by=me())


@endpoint(
    blueprint,
    "GET",
    "/admin/projects/<uuid:id>/connections",
    operation="List connections of project",
    family="admin",
    query=Paging,
    answer=ConnectionOut,
    many=True,
    scope="admin",
    errors=(404,),
)
def list_project_connections(id: UUID, query: Paging) -> Page[Connection]:  # noqa: A002 - the contract's name
    """List the connections that a project goes through, without what opens them."""
    project = load_or_404(queries.project_overseen_by(me(), id))
    return paginate(connections_of_project(me(), project.id), page=query.page, limit=query.limit)
