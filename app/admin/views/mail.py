"""How mail does: what was sent, what was not and why, and a letter to see whether it arrives."""

from flask import Response, flash
from flask_babel import gettext as _

from app.admin import operations
from app.admin.views.base import asked, blueprint, must_administer, same_page
from app.core.installation import installation
from app.core.paging import paginate
from app.integrations import mail
from app.letters import queries
from app.letters.models import LetterStatus
from app.letters.schemas import LettersQuery
from app.web.guards import me
from app.web.pages import done, render

PAGE = 30


@blueprint.get("/admin/mail")
def show_mail() -> Response:
    """Show what was sent by mail in the last thirty days; it looks again while something is on its way."""
    must_administer()
    query = asked(LettersQuery)
    return render(
        "admin/mail.html",
        fragment="admin/_letters.html",
        sends_mail=mail.is_set_up(),
        sender=installation().mail_from,
        query=query,
        statuses=list(LetterStatus),
        found=paginate(queries.every_letter(status=query.status), page=query.page, limit=PAGE),
        address=same_page,
    )


@blueprint.post("/admin/mail/trial")
def try_mail() -> Response:
    """Send oneself a letter."""
    operations.try_mail(by=me())
    flash(_("A letter to you is on its way."), "success")
    return done("/admin/mail")
