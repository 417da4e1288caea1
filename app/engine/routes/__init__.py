"""Which host name, or which port, leads where."""

from app.engine.routes.labels import made_fit, why_unfit
from app.engine.routes.models import Route, RouteAccess, RouteKind
from app.engine.routes.pointing import erase, find, forget, keep_at, open_to, point, remove, resolve
from app.engine.routes.ports import address_of, addresses_of, host_of, service_address_of

__all__ = [
    "Route",
    "RouteAccess",
    "RouteKind",
    "address_of",
    "addresses_of",
    "erase",
    "find",
    "forget",
    "host_of",
    "keep_at",
    "made_fit",
    "open_to",
    "point",
    "remove",
    "resolve",
    "service_address_of",
    "why_unfit",
]
