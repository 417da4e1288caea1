"""What the endpoints of organizations share."""

from uuid import UUID

from flask import Blueprint

from app.core.errors import NotAllowed
from app.organizations import permissions, queries
from app.organizations.models import Organization
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("organizations_api", __name__)


def organization_with(organization_id: UUID) -> Organization:
    """Load an organization, for one of its members."""
    return load_or_404(queries.organization_of(me(), id=organization_id))


def administered(organization_id: UUID) -> Organization:
    """Load an organization for one of its admins, where no operation asks who it is."""
    organization = organization_with(organization_id)
    if not permissions.can_administer(me(), organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} sees this.")
    return organization
