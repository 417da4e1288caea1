"""What development announces."""

from dataclasses import dataclass

from app.accounts.models import User
from app.development.models import DevelopmentSession
from app.requests.models import ProductRequest


@dataclass(frozen=True)
class DevelopmentStarted:
    """Somebody, or an agent, works on a request."""

    session: DevelopmentSession
    request: ProductRequest
    by: User | None


@dataclass(frozen=True)
class DevelopmentCompleted:
    """The branch of a request has a result that can be tried."""

    session: DevelopmentSession
    request: ProductRequest
    by: User | None


@dataclass(frozen=True)
class DevelopmentEnded:
    """A session ended without a result: it failed, expired or was cancelled; its error says which and why."""

    session: DevelopmentSession
    request: ProductRequest
