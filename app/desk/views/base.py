"""What the pages of the desk share: finding what an address names."""

from flask import Blueprint

from app.projects.models import Project
from app.projects.queries import project_at
from app.requests.models import ProductRequest
from app.requests.queries import request_numbered
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("desk", __name__)

PROJECT = "/<organization>/<project>"
REQUEST = f"{PROJECT}/requests/<int:number>"


def find_project(organization: str, project: str) -> Project:
    """Load the project at an address, for somebody who may see it."""
    return load_or_404(project_at(me(), organization, project))


def find_request(organization: str, project: str, number: int) -> ProductRequest:
    """Load the request at an address, for somebody who may see it."""
    return load_or_404(request_numbered(me(), find_project(organization, project), number))
