"""The page of the demo: have it made, watch it being made, have it taken away."""

from flask import Blueprint, Response

from app.core.errors import NotAllowed, NotFound
from app.demo import operations, permissions, queries
from app.demo.panel import panel_for
from app.organizations.models import Organization
from app.organizations.queries import organization_of
from app.web.guards import me
from app.web.pages import done, load_or_404, render

blueprint = Blueprint("demo", __name__)


def _organization(slug: str) -> Organization:
    here: Organization = load_or_404(organization_of(me(), slug=slug))
    if not permissions.can_look_around(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} can have the sample made or taken away.")
    return here


@blueprint.get("/<organization>/demo")
def show_demo(organization: str) -> Response:
    """Show what there is of the sample project, and what is being made."""
    panel = panel_for(_organization(organization), me())
    return render("demo/page.html", fragment="demo/_demo.html", panel=panel)


@blueprint.post("/<organization>/demo")
def look_around(organization: str) -> Response:
    """Have the sample project made; pressed twice, it is made once."""
    here = _organization(organization)
    operations.look_around(here, by=me())
    return done(f"/{here.slug}/demo")


@blueprint.post("/<organization>/demo/removal")
def take_away(organization: str) -> Response:
    """Take down everything of the sample."""
    here = _organization(organization)
    demo = queries.demo_of(here)
    if demo is None:
        raise NotFound("There is no sample here (any more).")
    operations.take_away(demo, by=me())
    return done(f"/{here.slug}/demo")
