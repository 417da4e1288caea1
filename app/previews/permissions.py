"""Who may do what with a preview: pure predicates."""

from app.accounts.models import User
from app.projects.permissions import can_develop
from app.requests.models import ProductRequest
from app.requests.permissions import can_edit


def can_start_preview(user: User, request: ProductRequest) -> bool:
    """Build a preview again: developers, and the requester whose turn it is to try it."""
    return can_edit(user, request)


def can_take_down(user: User, request: ProductRequest) -> bool:
    """Cancel a preview or take it down."""
    return can_develop(user, request.project)


def can_tend(user: User, request: ProductRequest) -> bool:
    """Let a preview sleep, keep it awake, start it anew, let it stay longer."""
    return can_edit(user, request)


def can_share(user: User, request: ProductRequest) -> bool:
    """Make and revoke links by which somebody without an account opens a preview."""
    return can_edit(user, request)
