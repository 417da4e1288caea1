"""The way in for guests, for programs."""

from uuid import UUID

from app.core.errors import NotAllowed
from app.projects.models import Project
from app.projects.permissions import can_configure
from app.projects.queries import project_visible_to
from app.requests import operations, queries
from app.requests.api.base import blueprint
from app.requests.schemas import IntakeOut, NewIntake
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/intake",
    operation="Read whether guests have a way in (ours)",
    answer=IntakeOut,
    errors=(403, 404),
)
def show_intake(id: UUID) -> IntakeOut:  # noqa: A002 - the contract's name
    """Return whether guests can ask for something in a project, until when, and when one last did."""
    project = _project(id)
    if not can_configure(me(), project):
        raise NotAllowed("Only an admin of the organization sees the way in for guests.")
    return IntakeOut.of(queries.intake_of(project))


@endpoint(
    blueprint,
    "POST",
    "/projects/<uuid:id>/intake",
    operation="Make a link for guests (ours)",
    body=NewIntake,
    answer=IntakeOut,
    status=201,
    errors=(403, 404, 409),
)
def open_intake(id: UUID, body: NewIntake) -> IntakeOut:  # noqa: A002
    """Make the link by which anybody asks for something in a project; `url` is shown this once.

    A link that was made before leads nowhere from then on.
    """
    link, url = operations.open_intake(_project(id), by=me(), lasting=body.lasting)
    return IntakeOut.of(link, url)


@endpoint(
    blueprint,
    "DELETE",
    "/projects/<uuid:id>/intake",
    operation="Close the link for guests (ours)",
    status=204,
    errors=(403, 404),
)
def close_intake(id: UUID) -> None:  # noqa: A002
    """Let no guest ask for anything any more; what came by the link stays."""
    operations.close_intake(_project(id), by=me())


def _project(project_id: UUID) -> Project:
    return load_or_404(project_visible_to(me(), project_id))
