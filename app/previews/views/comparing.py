"""What changed, side by side: what is live, or an earlier round, beside the preview."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.installation import installation
from app.engine import framing, routes
from app.engine.routes import RouteKind
from app.previews import queries
from app.previews.models import Preview
from app.previews.views.base import ADDRESS, blueprint, find_request
from app.requests.models import ProductRequest
from app.web.pages import render

_WIDTHS = ("phone", "tablet", "desktop")


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two pages that are looked at beside each other."""

    name: str
    label: str
    allows_frames: bool = True

    @property
    def url(self) -> str:
        return routes.address_of(self.label)

    @property
    def frame_url(self) -> str:
        """Return what the frame asks for: the main site hands it over, since the frame has no pass yet."""
        return f"/open-preview?{urlencode({'label': self.label, 'path': '/'})}"


@blueprint.get(f"{ADDRESS}/comparison")
def compare(organization: str, project: str, number: int) -> Response:
    """Show the preview beside what is live, or beside one of its earlier rounds."""
    wanted = find_request(organization, project, number)
    up = [preview for preview in queries.rounds_of(wanted) if preview.is_up]
    if not up:
        raise NotFound(_("There is no preview up just now, so there is nothing to compare."))
    width = request.args.get("width", "")
    others = _others(wanted, up)
    chosen = request.args.get("with", "")
    before = others.get(chosen) or next(iter(others.values()), None)
    return render(
        "previews/comparison.html",
        request_=wanted,
        before=before,
        after=Side(name=_("Round %(n)s", n=up[0].round), label=queries.label_now(up[0])),
        others=others,
        width=width if width in _WIDTHS else "desktop",
        widths=_WIDTHS,
    )


def _others(wanted: ProductRequest, up: list[Preview]) -> dict[str, Any]:
    """Return what the newest round can be seen beside, by the word in the address."""
    found: dict[str, Side] = {}
    live = routes.find(wanted.project.host_label)
    if live is not None and live.kind in {RouteKind.STATIC, RouteKind.INSTANCE}:
        found["live"] = Side(
            name=_("Live now"),
            label=live.label,
            allows_frames=framing.is_allowed(live, site=installation().url),
        )
    for preview in up[1:]:
        found[f"round-{preview.round}"] = Side(
            name=_("Round %(n)s", n=preview.round), label=queries.label_now(preview)
        )
    return found
