"""How much the repositories of an organization weigh."""

from app.engine.repositories import bytes_in
from app.organizations.events import FilesWeighed
from app.projects import queries


def weigh_repositories(fact: FilesWeighed) -> None:
    """Add how many bytes an organization's repositories have on disk, the sample's left out."""
    mine = queries.every_project_of(fact.organization_id)
    fact.bytes += sum(bytes_in(project.repository_path) for project in mine if not project.is_sample)
