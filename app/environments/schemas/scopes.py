"""Who asks, and where: what clients look up before every command."""

from typing import Self
from uuid import UUID

from app.accounts.models import User
from app.core.installation import installation
from app.environments.schemas.wire import PageOf, Wire
from app.organizations.models import Organization
from app.projects.models import Project
from app.web.schemas import Moment


class UserScope(Wire):
    """The calling user."""

    id: UUID
    email_address: str
    username: str
    name: str

    @classmethod
    def of(cls, user: User) -> Self:
        """Show a person."""
        username = user.email.partition("@")[0]
        return cls(id=user.id, email_address=user.email, username=username, name=user.name)


class OrganizationScope(Wire):
    """An organization, and how long its environments live at most, in seconds."""

    id: UUID
    name: str
    key: str
    effective_max_sandbox_runtime_seconds: int
    max_sandbox_runtime_source_level: str
    effective_default_sandbox_runtime_seconds: int
    default_sandbox_runtime_source_level: str
    platform_max_sandbox_runtime_seconds: int
    platform_default_sandbox_runtime_seconds: int
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """Show an organization; the bounds are the installation's."""
        here = installation()
        return cls(
            id=organization.id,
            name=organization.name,
            key=organization.slug,
            effective_max_sandbox_runtime_seconds=here.environment_max_seconds,
            max_sandbox_runtime_source_level="platform",
            effective_default_sandbox_runtime_seconds=here.environment_seconds,
            default_sandbox_runtime_source_level="platform",
            platform_max_sandbox_runtime_seconds=here.environment_max_seconds,
            platform_default_sandbox_runtime_seconds=here.environment_seconds,
            created_at=organization.created_at,
            updated_at=organization.updated_at,
        )


class WorkspaceScope(Wire):
    """A workspace, which is a project."""

    id: UUID
    name: str
    key: str
    org_id: UUID
    is_default: bool
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, project: Project, *, is_default: bool) -> Self:
        """Show a project as a workspace."""
        return cls(
            id=project.id,
            name=project.name,
            key=project.slug,
            org_id=project.organization_id,
            is_default=is_default,
            created_at=project.created_at,
            updated_at=project.updated_at,
        )


class WorkspaceList(PageOf):
    """The workspaces of an organization that the caller may see."""

    workspaces: list[WorkspaceScope]
