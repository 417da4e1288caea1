"""Where the endpoints of requests meet, and the request that one is about."""

from uuid import UUID

from flask import Blueprint

from app.requests.models import ProductRequest
from app.requests.queries import request_visible_to
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("requests_api", __name__)


def find_request(request_id: UUID) -> ProductRequest:
    """Return a request that the caller can see."""
    return load_or_404(request_visible_to(me(), request_id))
