"""Search over everything that somebody may see."""

from flask import Response, request

from app.desk import words
from app.desk.queries import projects_named
from app.desk.views.base import blueprint
from app.previews.queries import failing_among
from app.requests.queries import glimpses, page_found_by
from app.web.guards import me
from app.web.pages import render

LONGEST, PAGE = 200, 25


@blueprint.get("/search")
def search() -> Response:
    """Show the projects and requests that a few words lead to."""
    text = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    page = request.args.get("page", 1, type=int)
    found = page_found_by(me(), text, page=page, limit=PAGE) if text else None
    failing = failing_among(found.items) if found is not None else set()
    return render(
        "desk/search.html",
        fragment="desk/_found.html",
        text=text,
        found=found,
        projects=projects_named(me(), text) if text else [],
        failing=failing,
        glimpses=glimpses(found.items, text) if found is not None else {},
        whose=lambda wanted: words.on_card(me(), wanted, cannot_be_tried=wanted.id in failing),
    )
