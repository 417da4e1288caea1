"""Addresses that an organization had before: whoever comes by one is led to where it is now."""

from flask import redirect, request
from werkzeug.wrappers import Response

from app.core.db import session
from app.organizations import queries
from app.organizations.models import memberships_of
from app.organizations.views.base import blueprint
from app.web.guards import caller


@blueprint.before_app_request
def lead_on() -> Response | None:
    """Lead a page's address that names an organization by a former slug to the one it has."""
    slug = (request.view_args or {}).get("organization")
    found = caller()
    if request.method != "GET" or slug is None or found is None:
        return None
    if any(membership.organization.slug == slug for membership in memberships_of(found.user)):
        return None
    here = session.scalars(queries.organization_of(found.user, slug=slug)).first()
    if here is None:
        return None
    return redirect(request.full_path.replace(f"/{slug}", here.path, 1).rstrip("?"))
