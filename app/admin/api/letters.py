"""What was sent by mail, for programs."""

from app.admin import operations
from app.admin.api.base import blueprint
from app.admin.permissions import can_administer_installation
from app.core.errors import NotAllowed
from app.core.paging import Page, paginate
from app.letters import queries
from app.letters.models import Letter
from app.letters.schemas import LetterOut, LettersQuery
from app.web.api import endpoint
from app.web.guards import me


@endpoint(
    blueprint,
    "GET",
    "/admin/letters",
    operation="List what was sent by mail (ours)",
    family="admin",
    query=LettersQuery,
    answer=LetterOut,
    many=True,
    scope="admin",
    errors=(403,),
)
def list_letters(query: LettersQuery) -> Page[Letter]:
    """List the letters of the last thirty days, newest first, without what they say.

    For the admin of the whole installation, with an access token: a key belongs to one organization.
    """
    if not can_administer_installation(me()):
        raise NotAllowed("Only an admin of the whole installation sees what was sent.")
    return paginate(queries.every_letter(status=query.status), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "POST",
    "/admin/letters",
    operation="Send the caller a letter to try the mail (ours)",
    family="admin",
    answer=LetterOut,
    status=201,
    scope="admin",
    errors=(403, 409),
)
def try_mail() -> Letter:
    """Send whoever asks a letter; `GET /admin/letters` says whether it went, or why not."""
    return operations.try_mail(by=me())
