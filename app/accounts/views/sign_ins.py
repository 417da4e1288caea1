"""Where somebody is signed in."""

from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.accounts import operations, queries
from app.accounts.views.base import blueprint
from app.core.paging import paginate
from app.web.guards import here, me
from app.web.pages import done, load_or_404, page_number, render

_PER_PAGE = 30


@blueprint.get("/profile/sessions")
def show_sign_ins() -> Response:
    """Show where somebody is signed in."""
    found = paginate(queries.sign_ins_of(me()), page=page_number(), limit=_PER_PAGE)
    return render("accounts/sign_ins.html", sign_ins=found, here=here())


@blueprint.post("/profile/sessions/<uuid:sign_in_id>/removal")
def end_sign_in(sign_in_id: UUID) -> Response:
    """Sign one browser out."""
    operations.end_sign_in(load_or_404(queries.sign_in_of(me(), sign_in_id)))
    flash(_("That browser is signed out."), "success")
    return done("/profile/sessions")


@blueprint.post("/profile/sessions/removal")
def end_other_sign_ins() -> Response:
    """Sign out everywhere but here."""
    operations.end_other_sign_ins(me(), but=here())
    flash(_("You are signed out everywhere else."), "success")
    return done("/profile/sessions")
