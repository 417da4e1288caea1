"""Who may do what with development: pure predicates."""

from app.accounts.models import User
from app.development.models import DevelopmentSession
from app.organizations.permissions import can_administer
from app.requests.models import ProductRequest
from app.requests.permissions import can_build, can_start_development


def can_start(user: User, request: ProductRequest) -> bool:
    """Start the work on a request."""
    return can_start_development(user, request)


def can_cancel(user: User, session: DevelopmentSession) -> bool:
    """Stop the work: developers, and who was allowed to start it, their own."""
    request = session.request
    own = session.started_by_id == user.id and can_start_development(user, request)
    return own or can_build(user, request)


def can_mark_ready(user: User, session: DevelopmentSession) -> bool:
    """Say that what is on the branch is the result."""
    return can_build(user, session.request)


def can_reset(user: User, request: ProductRequest) -> bool:
    """Throw the work away and begin anew."""
    return not request.project.is_archived and can_administer(user, request.organization_id)
