"""Links to a preview for those who have no account."""

from typing import Any
from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.previews import operations, permissions, queries
from app.previews.schemas import NewShare
from app.previews.views.base import ADDRESS, blueprint, find_request, status_context
from app.requests.models import ProductRequest
from app.web.codes import drawn
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form


@blueprint.post(f"{ADDRESS}/shares")
def share(organization: str, project: str, number: int) -> Response:
    """Make a link and show it, in this one answer and nowhere else."""
    wanted = find_request(organization, project, number)
    form = Form(NewShare)
    made = form.submit(lambda sent: operations.share(wanted, by=me(), lasting=sent.lasting))
    more = share_context(wanted) | {"share_form": form, "address": made[1] if made else None}
    if made is not None:
        more["code"] = drawn(made[1], _("Code of the link"))
    return render("previews/page.html", status=422 if made is None else 201, **status_context(wanted), **more)


@blueprint.post(f"{ADDRESS}/shares/<uuid:share_id>/revocation")
def revoke(organization: str, project: str, number: int, share_id: UUID) -> Response:
    """Close a link."""
    wanted = find_request(organization, project, number)
    operations.revoke(load_or_404(queries.link_of(wanted, share_id)), by=me())
    flash(_("The link is closed. Whoever came in by it is out within seconds."), "success")
    return done(f"{wanted.path}/preview#shares")


def share_context(wanted: ProductRequest) -> dict[str, Any]:
    """Return what the page shows of a preview's links, to those who may share it."""
    may_share = permissions.can_share(me(), wanted) and not wanted.is_over
    return {"may_share": may_share, "shares": queries.links_of(wanted) if may_share else []}
