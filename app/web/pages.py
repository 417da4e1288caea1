"""Pages and fragments: the page includes the fragment, the view returns it, never two copies."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, current_app, make_response, redirect, render_template, request
from sqlalchemy import Select

from app.core.db import session
from app.core.errors import Conflict, NotFound
from app.web.guards import SAFE

Thing = TypeVar("Thing")


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part; a boosted visit and a restored history want the page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(page: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Answer with a page, or with its fragment when htmx asks for it."""
    template = fragment if fragment and wants_fragment() else page
    response = make_response(render_template(template, **context), status)
    response.vary.add("HX-Request")
    return response


def done(url: str, *, fragment: str | None = None, **context: Any) -> Response:
    """Answer a form that succeeded: the fragment for htmx, else 303 to `url`."""
    if wants_fragment():
        if fragment:
            return render(fragment, fragment=fragment, **context)
        return Response(status=204, headers={"HX-Redirect": url})
    return make_response(redirect(url, code=303))


def page_number() -> int:
    """Return which page of a list is asked for; the first, where that is no number."""
    return max(1, request.args.get("page", 1, type=int))


def load_or_404(query: Select[Thing]) -> Thing:
    """Load the one thing a visibility query gives, or say that it does not exist or cannot be changed now."""
    thing: Thing | None = session.scalars(query).unique().one_or_none()
    if thing is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    why_read_only = getattr(thing, "why_read_only", None)
    if why_read_only and request.method not in SAFE and not _works_at_rest():
        raise Conflict(why_read_only, code="at_rest")
    return thing


def _works_at_rest() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "works_at_rest", False)


def asked() -> dict[str, str]:
    """Return what the address asks for; a filter that was left empty asks for nothing."""
    return {name: value for name, value in request.args.items() if value}


def turning(path: str, name: str = "page") -> Callable[[int], str]:
    """Return how a list at an address is turned: one of its pages, with the filters as they are."""
    filters = asked()
    return lambda number: f"{path}?{urlencode({**filters, name: number})}"
