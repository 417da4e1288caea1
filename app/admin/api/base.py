"""What the endpoints of the administration share."""

from flask import Blueprint

from app.accounts.models import User
from app.core.errors import NotAllowed
from app.web.guards import me

blueprint = Blueprint("admin_api", __name__)


def administrator() -> User:
    """Return who asks, once it is sure that they administer the installation."""
    user: User = me()
    if not user.is_admin:
        raise NotAllowed("Only an admin of the installation can do this.")
    return user
