"""Small changes without a model: pointed at on the running page, looked at here, and put in from here."""

from typing import Any

from flask import Response, flash, make_response, redirect, request
from flask_babel import gettext as _

from app.core.errors import DomainError, NotAllowed
from app.desk import operations
from app.desk.panel import carried, rows_of, running_label, touch_up_for
from app.desk.views.base import REQUEST, blueprint, find_request
from app.development.schemas import Edits
from app.engine import handover, routes
from app.requests.models import ProductRequest
from app.requests.permissions import can_edit
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import read

_TOUCH_UP = f"{REQUEST}/touch-up"


def _show(
    wanted: ProductRequest, rows: list[dict[str, str]], *, status: int = 200, trouble: str = ""
) -> Response:
    shown = touch_up_for(wanted, me(), rows or [{}], trouble=trouble)
    return render("desk/touch_up.html", fragment="desk/_touch_up.html", status=status, touch_up=shown)


@blueprint.get(_TOUCH_UP)
def show_touch_up(organization: str, project: str, number: int) -> Response:
    """Show what shall be put in and where it would land; what was kept on the request to begin with."""
    wanted = find_request(organization, project, number)
    return _show(wanted, list(wanted.edits or []))


@blueprint.post(f"{_TOUCH_UP}/places")
def look_up_places(organization: str, project: str, number: int) -> Response:
    """Show where what is written would land; nothing is kept and nothing begins."""
    wanted = find_request(organization, project, number)
    rows = carried(request.form["carried"]) if "carried" in request.form else rows_of(request.form)
    removed = request.form.get("remove", "")
    if removed.isdigit() and int(removed) < len(rows):
        del rows[int(removed)]
    return _show(wanted, [*rows, {}] if "add" in request.form else rows)


@blueprint.post(_TOUCH_UP)
def touch_up(organization: str, project: str, number: int) -> Response:
    """Have it put in."""
    wanted = find_request(organization, project, number)
    rows = [row for row in rows_of(request.form) if row.get("from") or row.get("to")]
    try:
        sent: dict[str, Any] = {"edits": rows}
        operations.touch_up(wanted, by=me(), edits=read(Edits, sent, place="form").given)
    except NotAllowed:
        raise
    except DomainError as trouble:
        return _show(
            wanted, rows, status=422, trouble=trouble.message if rows else _("Write what should change.")
        )
    return done(wanted.path)


@blueprint.get(f"{_TOUCH_UP}/pointing")
def point(organization: str, project: str, number: int) -> Response:
    """Open what runs so that this person, and nobody else, can point at what should change in it."""
    wanted = find_request(organization, project, number)
    if not can_edit(me(), wanted):
        raise NotAllowed("Only who asked for this, or a developer, can say what should change.")
    label = running_label(wanted)
    if label is None:
        flash(_("Nothing runs that could be pointed at. Write down what should change."), "neutral")
        return done(f"{wanted.path}/touch-up")
    token = handover.issue(label, me().id, wanted.project_id, points_for=wanted.path)
    answer = make_response(
        redirect(handover.entrance(routes.address_of(label), token, request.args.get("page", "/")), code=302)
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
