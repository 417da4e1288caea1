"""Whether a page lets itself be shown inside another one: browsers do not say, so it is asked."""

from app.engine import routes
from app.engine.instances import socket_path
from app.engine.keeper.health import headers_of
from app.engine.routes import Route, RouteKind

LOOK_SECONDS = 1.5


def is_allowed(route: Route, *, site: str) -> bool:
    """Tell whether what a host name leads to may stand in a frame of `site`; nothing is woken."""
    if route.kind is not RouteKind.INSTANCE or route.bar is not None:
        return True  # plain files say nothing about it, and with a bar the gateway makes room
    said = headers_of(socket_path(str(route.instance)), routes.address_of(route.label), seconds=LOOK_SECONDS)
    if said is None:
        return True
    for policy in said.get_all("Content-Security-Policy", []):
        for directive in policy.split(";"):
            name, *sources = directive.split() or [""]
            if name.lower() == "frame-ancestors":
                return site in sources or "*" in sources
    return "X-Frame-Options" not in said
