"""Whether what a project holds may be built."""

from app.organizations.operations import leave_room_for_a_build
from app.projects.models import Project


def leave_room_to_build(project: Project) -> None:
    """Refuse to build where the month's build minutes are used up; the sample takes none."""
    if not project.is_sample:
        leave_room_for_a_build(project.organization)
