"""What the pages of projects share."""

from flask import Blueprint

from app.projects import queries
from app.projects.models import Project
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("projects", __name__)


def project_at(organization: str, project: str) -> Project:
    """Load the project at an address, where the caller may see it."""
    return load_or_404(queries.project_at(me(), organization, project))
