"""What a project's repository says of itself in greenroom.toml, read whenever its main branch moves."""

from uuid import UUID

from app.accounts.models import User
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import NotAllowed
from app.core.jobs import job
from app.engine.plans.config import NAME
from app.organizations.permissions import oversees
from app.projects import permissions, queries
from app.projects.models import Project, ProjectConfig

_MOST_BYTES = 1_000_000


def sync_config(project: Project, *, by: User) -> ProjectConfig:
    """Read greenroom.toml of the main branch now, and keep what it says."""
    if not (permissions.can_configure(by, project) or oversees(by, project.organization_id)):
        raise NotAllowed("Only an admin of the organization has a project's settings read anew.")
    return _read(project)


def follow_config(project: Project, branch: str) -> None:
    """Have greenroom.toml read again once the main branch moved."""
    if branch == project.default_branch:
        read_config.later(project.id)


@job(queue="quick", deadline=60, attempts=3)
def read_config(project_id: UUID) -> None:
    """Keep what greenroom.toml of a project's main branch says now."""
    project = session.get(Project, project_id)
    if project is not None:
        _read(project)


def _read(project: Project) -> ProjectConfig:
    let_go()
    repository = queries.repository_of(project)
    head = repository.head(project.default_branch)
    is_there = head is not None and NAME in repository.files(head)
    said = (
        repository.blob(head, NAME)[:_MOST_BYTES].decode("utf-8-sig", "replace")
        if head and is_there
        else None
    )
    with transaction():
        kept = session.get(ProjectConfig, project.id) or ProjectConfig(project_id=project.id)
        kept.commit_sha, kept.read_at = head, now()
        kept.text = said.replace("\0", "\N{REPLACEMENT CHARACTER}") if said is not None else None
        session.add(kept)
    return kept
