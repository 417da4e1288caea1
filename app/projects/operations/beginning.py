"""The beginning of a project that somebody brings along."""

from collections.abc import Collection

from app.accounts.models import User
from app.core.db import transaction
from app.organizations.models import Organization
from app.organizations.operations import make_key
from app.projects.models import Project
from app.projects.operations.projects import create_project


def await_push(
    organization: Organization, *, by: User, name: str, at_most: Collection[str]
) -> tuple[Project, str]:
    """Make an empty project and a key to push with; returns it and the key's secret, never shown again."""
    with transaction():
        project = create_project(organization, by=by, name=name)
        _, secret = make_key(
            by=by,
            name=f"git for {project.name}",
            scopes=["read", "write"],
            organization_id=organization.id,
            at_most=at_most,
        )
    return project, secret
