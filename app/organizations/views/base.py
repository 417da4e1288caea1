"""What the pages of organizations share."""

from flask import Blueprint

from app.organizations import queries
from app.organizations.models import Organization
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("organizations", __name__)


def organization_at(slug: str) -> Organization:
    """Load the organization at an address, for one of its members."""
    return load_or_404(queries.organization_of(me(), slug=slug))
