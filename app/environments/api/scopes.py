"""Who asks, and where: what clients look up before every command."""

from typing import Any

from app.core.paging import slice_of
from app.environments.api.base import ORGANIZATION, WORKSPACE, operation, organization_at, workspace_at
from app.environments.schemas import OrganizationScope, PageQuery, UserScope, WorkspaceList, WorkspaceScope
from app.projects.models import Project
from app.projects.queries import projects_visible_to
from app.web.guards import me


@operation("GET", "/v1/user", operation="Get the calling user", answer=UserScope)
def get_calling_user() -> UserScope:
    """Return whose key it is."""
    return UserScope.of(me())


@operation("GET", ORGANIZATION, operation="Get organization", answer=OrganizationScope)
def get_organization(org: str) -> OrganizationScope:
    """Return an organization of the caller's by its slug, with how long its environments may live."""
    return OrganizationScope.of(organization_at(org))


@operation("GET", f"{ORGANIZATION}/ws", operation="List workspaces", query=PageQuery, answer=WorkspaceList)
def list_workspaces(org: str, query: PageQuery) -> dict[str, Any]:
    """List the workspaces that the caller may see; each is a project of the organization."""
    visible = projects_visible_to(me(), organization_id=organization_at(org).id)
    found, total = slice_of(visible, limit=query.limit, skip=query.skip)
    return {"workspaces": [_shown(each, total) for each in found], **query.place(total)}


@operation("GET", WORKSPACE, operation="Get workspace", answer=WorkspaceScope)
def get_workspace(org: str, workspace: str) -> WorkspaceScope:
    """Return a workspace by its slug, which is the project's."""
    found = workspace_at(org, workspace)
    _, total = slice_of(projects_visible_to(me(), organization_id=found.organization_id), limit=1, skip=0)
    return _shown(found, total)


def _shown(project: Project, total: int) -> WorkspaceScope:
    return WorkspaceScope.of(project, is_default=total == 1)
