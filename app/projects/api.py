"""Projects, for programs."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint

from app.core.errors import NotAllowed
from app.core.paging import Page, paginate
from app.organizations.queries import organization_overseen_by
from app.projects import operations, queries
from app.projects.schemas import NewProjectIn, ProjectChange, ProjectOut, ProjectsQuery
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("projects_api", __name__)


@endpoint(
    blueprint,
    "POST",
    "/admin/projects",
    operation="Create project",
    family="admin",
    body=NewProjectIn,
    answer=ProjectOut,
    status=201,
    scope="admin",
    errors=(403, 404, 409),
)
def create_project(body: NewProjectIn) -> ProjectOut:
    """Make a project with its repository, from a starter or empty, in any organization here."""
    if not me().is_admin:
        raise NotAllowed("Only an admin of the installation can do this.")
    organization = load_or_404(organization_overseen_by(me(), body.organization_id))
    return ProjectOut.of(operations.create_project(organization, by=me(), **body.what()))


@endpoint(
    blueprint,
    "GET",
    "/projects",
    operation="List projects",
    query=ProjectsQuery,
    answer=ProjectOut,
    many=True,
)
def list_projects(query: ProjectsQuery) -> Page[ProjectOut]:
    """List the projects that the caller may see, by name."""
    found = queries.projects_visible_to(me(), organization_id=query.organization_id)
    page = paginate(found, page=query.page, limit=query.limit)
    return replace(page, items=[ProjectOut.of(project) for project in page.items])


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>",
    operation="Get project details",
    answer=ProjectOut,
    errors=(404,),
)
def get_project(id: UUID) -> ProjectOut:  # noqa: A002 - the contract's name
    """Return a project and where its repository stands."""
    return ProjectOut.of(load_or_404(queries.project_visible_to(me(), id)))


@endpoint(
    blueprint,
    "PUT",
    "/projects/<uuid:id>",
    operation="Update project",
    body=ProjectChange,
    answer=ProjectOut,
    errors=(403, 404),
)
def update_project(id: UUID, body: ProjectChange) -> ProjectOut:  # noqa: A002 - the contract's name
    """Change a project's settings; what is missing stays. Its address stays, so that no clone breaks."""
    project = load_or_404(queries.project_visible_to(me(), id))
    operations.edit_project(project, by=me(), **body.model_dump())
    return ProjectOut.of(project)
