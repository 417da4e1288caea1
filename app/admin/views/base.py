"""What the pages for the admin of the whole installation share."""

from flask import Blueprint

from app.admin.permissions import can_administer_installation
from app.core.errors import NotAllowed
from app.web.guards import me

blueprint = Blueprint("admin", __name__)


def must_administer() -> None:
    """Refuse whoever is no admin of the whole installation."""
    if not can_administer_installation(me()):
        raise NotAllowed("Only an admin of the whole installation sees this.")
