"""The page of a request and the parts of it, as answers to what was done on it."""

from typing import Any

from flask import Response, request

from app.desk.sheet import sheet_of
from app.previews.views import status_context
from app.requests.models import ProductRequest
from app.requests.views import files_context
from app.web.guards import me
from app.web.pages import done, render, wants_fragment


def show(wanted: ProductRequest, *, status: int = 200, **forms: Any) -> Response:
    """Answer with the whole page."""
    sheet = sheet_of(wanted, me())
    feed = sheet.feed(earlier=_earlier(), whole=request.args.get("feed") == "whole")
    shown = status_context(wanted) | files_context(wanted) | forms | {"sheet": sheet, "feed": feed}
    shown["labels_open"] = request.args.get("labels") == "open"
    return render("desk/request.html", status=status, tab="request", **shown)


def _earlier() -> int:
    """Return how far back the feed is shown."""
    return request.args.get("earlier", 0, type=int)


def part_of(
    wanted: ProductRequest, part: str, *, status: int = 200, tell: str | None = None, **forms: Any
) -> Response:
    """Answer with one part as it is now; `tell` names what the other parts hear."""
    sheet = sheet_of(wanted, me())
    context = forms | {"sheet": sheet}
    if part == "preview":
        context |= status_context(wanted)
    if part == "feed":
        context["feed"] = sheet.feed(earlier=_earlier())
    answer = render("desk/request.html", fragment=f"desk/_{part}.html", status=status, **context)
    if tell:
        answer.headers["HX-Trigger"] = tell
    return answer


def changed(wanted: ProductRequest, part: str) -> Response:
    """Answer what was done in one part: with that part, the others hear of it; or with the whole page."""
    return part_of(wanted, part, tell="request-touched") if wants_fragment() else done(wanted.path)
