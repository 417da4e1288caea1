"""The palette: where a few typed letters may lead."""

from flask import Response, request

from app.desk.queries import people_named, projects_named
from app.desk.views.base import blueprint
from app.requests.queries import found_quickly
from app.web.guards import me
from app.web.pages import render

LONGEST, MOST = 200, 8


@blueprint.get("/palette")
def show_palette() -> Response:
    """Show the requests, projects and people that a few letters lead to."""
    text = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    return render(
        "desk/palette.html",
        fragment="desk/_palette.html",
        requests=found_quickly(me(), text, MOST),
        projects=projects_named(me(), text)[:MOST] if text else [],
        people=people_named(me(), text, MOST) if text else [],
    )
