"""What the pages of a review share."""

from flask import Blueprint

from app.projects.queries import project_at
from app.requests.models import ProductRequest
from app.requests.queries import request_numbered
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("reviews", __name__)

REQUEST = "/<organization>/<project>/requests/<int:number>"


def find_request(organization: str, project: str, number: int) -> ProductRequest:
    """Load the request at an address, where the caller may see it."""
    found = load_or_404(project_at(me(), organization, project))
    return load_or_404(request_numbered(me(), found, number))
