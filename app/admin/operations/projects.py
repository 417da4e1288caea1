"""Projects, looked after from above: change one, or delete it with all that is known of it."""

from typing import Any

from app.accounts.models import User
from app.admin.queries import projects as queries
from app.core.db import transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.environments import operations as environments
from app.environments.queries import open_environments_in
from app.previews.operations import settle_branches
from app.projects import operations as projects
from app.projects.models import Project
from app.projects.permissions import can_administer_project
from app.requests import operations as requests
from app.requests.models import WorkflowAction


def change_project(project: Project, *, by: User, **changes: Any) -> None:
    """Change what a project is called, who sees it and whether it rests; the rest is for its own admins."""
    projects.edit_project(project, by=by, **changes)


def delete_project(project: Project, *, by: User, confirmation: str | None = None) -> None:
    """Delete a project with its repository and previews; from here on it exists for nobody.

    `confirmation` is what a person typed to show that they mean this one.
    """
    if not can_administer_project(by, project):
        raise NotAllowed("Only an admin of the organization or of the installation deletes a project.")
    if confirmation is not None and confirmation.strip() != project.slug:
        raise Invalid.field("confirmation", f"Type {project.slug} to delete this project.")
    if project.is_sample:
        raise Conflict("This is the sample. It is taken away on its own page, with its people.")
    with transaction():
        for request in queries.open_requests_of(project):
            requests.move(
                request, WorkflowAction.CANCEL, by=by, payload={"reason": "The project is deleted."}
            )
        projects.give_up_project(project, by=by)
    settle_branches()
    _finish(project)


def finish_deleting() -> int:
    """Erase the projects that were deleted and of which nothing runs any more; called by the schedule."""
    return sum(_finish(project) for project in queries.leaving_projects())


def _finish(project: Project) -> bool:
    if queries.is_at_work(project) or open_environments_in(project):
        return False
    environments.erase_logs(project)
    projects.erase_project(project, by=project.leaving_by)
    return True
