"""Projects, for programs."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint

from app.core.errors import NotAllowed
from app.core.paging import Page, paginate, whole
from app.organizations.queries import organization_overseen_by
from app.projects import operations, permissions, queries
from app.projects.models import Project
from app.projects.schemas import (
    ConfigOut,
    NewProjectIn,
    NewVariable,
    PreviewSettings,
    PreviewSettingsOut,
    ProjectChange,
    ProjectOut,
    ProjectsQuery,
    VariableOut,
)
from app.web.api import endpoint
from app.web.guards import me, works_at_rest
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
    """List the projects that the caller may see, by name; `archived` leaves out the others."""
    found = queries.projects_visible_to(me(), organization_id=query.organization_id, archived=query.archived)
    page = paginate(found, page=query.page, limit=query.limit)
    return replace(page, items=ProjectOut.several(page.items))


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>",
    operation="Get project details",
    answer=ProjectOut,
    tagged=True,
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
    changes=get_project,
    errors=(403, 404, 409),
)
@works_at_rest
def update_project(id: UUID, body: ProjectChange) -> ProjectOut:  # noqa: A002 - the contract's name
    """Change a project's settings; what is missing stays. Its address stays, so that no clone breaks."""
    project = load_or_404(queries.project_visible_to(me(), id))
    operations.edit_project(project, by=me(), **body.model_dump())
    return ProjectOut.of(project)


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/variables",
    operation="List a project's variables (ours)",
    answer=VariableOut,
    many=True,
    errors=(403, 404),
)
def list_variables(id: UUID) -> Page[VariableOut]:  # noqa: A002
    """List what previews and agents find in their environment; the value of a secret one is null."""
    found = [VariableOut.of(each) for each in queries.variables_in(_configured(id))]
    return whole(found)


@endpoint(
    blueprint,
    "PUT",
    "/projects/<uuid:id>/variables",
    operation="Set a variable of a project (ours)",
    body=NewVariable,
    answer=VariableOut,
    errors=(403, 404),
)
def set_variable(id: UUID, body: NewVariable) -> VariableOut:  # noqa: A002
    """Set a variable, or replace the one of this name and audience; the next build has it."""
    project = load_or_404(queries.project_visible_to(me(), id))
    return VariableOut.of(operations.set_variable(project, by=me(), **body.what()))


@endpoint(
    blueprint,
    "DELETE",
    "/projects/<uuid:id>/variables/<uuid:variable_id>",
    operation="Remove a variable of a project (ours)",
    status=204,
    errors=(403, 404),
)
def forget_variable(id: UUID, variable_id: UUID) -> None:  # noqa: A002
    """Take a variable away; the next build no longer has it."""
    project = _configured(id)
    operations.forget_variable(project, load_or_404(queries.variable_of(project, variable_id)), by=me())


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/preview-settings",
    operation="Read how a project's previews are built (ours)",
    answer=PreviewSettingsOut,
    errors=(403, 404),
)
def show_preview_settings(id: UUID) -> PreviewSettingsOut:  # noqa: A002
    """Return what is set, and the plan that follows from it for the main branch, with its reasons."""
    return PreviewSettingsOut.of(_configured(id))


@endpoint(
    blueprint,
    "PUT",
    "/projects/<uuid:id>/preview-settings",
    operation="Set how a project's previews are built (ours)",
    body=PreviewSettings,
    answer=PreviewSettingsOut,
    errors=(403, 404),
)
def set_up_previews(id: UUID, body: PreviewSettings) -> PreviewSettingsOut:  # noqa: A002
    """Say how previews are built, started and bounded; what is missing is found by looking at the files."""
    project = load_or_404(queries.project_visible_to(me(), id))
    operations.set_up_previews(project, by=me(), **body.model_dump())
    return PreviewSettingsOut.of(project)


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/config",
    operation="Get project configuration",
    answer=ConfigOut,
    errors=(404,),
)
def get_config(id: UUID) -> ConfigOut:  # noqa: A002 - the contract's name
    """Return what greenroom.toml of the main branch says, what each of it does, and what does not hold."""
    project = load_or_404(queries.project_visible_to(me(), id))
    return ConfigOut.of(project, queries.config_of(project))


@endpoint(
    blueprint,
    "POST",
    "/admin/projects/<uuid:id>/config/sync",
    operation="Sync project configuration from its repository",
    family="admin",
    answer=ConfigOut,
    scope="admin",
    errors=(403, 404, 409),
)
def sync_config(id: UUID) -> ConfigOut:  # noqa: A002 - the contract's name
    """Read greenroom.toml of the main branch now; pushes to it are read by themselves."""
    project = load_or_404(queries.project_overseen_by(me(), id))
    return ConfigOut.of(project, operations.sync_config(project, by=me()))


def _configured(project_id: UUID) -> Project:
    project = load_or_404(queries.project_visible_to(me(), project_id))
    if not permissions.can_configure(me(), project):
        raise NotAllowed("Only an admin of the organization sees these settings of a project.")
    return project
