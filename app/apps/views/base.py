"""What the pages of apps share."""

from flask import Blueprint

from app.projects.models import Project
from app.projects.queries import project_at
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("apps", __name__)


def find_project(organization: str, project: str) -> Project:
    """Load the project at an address, where the caller may see it."""
    return load_or_404(project_at(me(), organization, project))
