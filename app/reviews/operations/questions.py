"""Asking about what can be tried: a comment that names what was looked at, and reaches who builds it."""

from app.accounts.models import User
from app.core.db import transaction
from app.core.gherkin import one_line
from app.notifications.operations import tell
from app.requests import operations as requests
from app.requests.models import Activity, ProductRequest
from app.requests.queries import makers_of

_LONGEST_PAGE = 300
_LONGEST_QUOTE = 140


def ask(request: ProductRequest, *, by: User, text: str, page: str = "", commit: str = "") -> Activity:
    """Ask whoever builds a request about a page of its preview."""
    with transaction():
        quote = one_line(text, _LONGEST_QUOTE)
        makers = makers_of(request)
        said = requests.comment(request, by=by, text=text, told=makers)
        seen = {"page": one_line(page, _LONGEST_PAGE), "commitSha": one_line(commit, 64)}
        said.payload = {"asked": True, **{name: value for name, value in seen.items() if value}}
        tell(
            makers,
            organization_id=request.organization_id,
            kind="asked",
            text=f"{by.name} asks about #{request.number} {request.title}: “{quote}”",
            path=said.path,
            subject_id=request.id,
            needs_you=True,
            but=by,
        )
    return said
