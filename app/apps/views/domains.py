"""The domain of an app."""

from typing import Any

from flask import Response

from app.apps import operations, queries
from app.apps.models import App, DomainStatus
from app.apps.schemas.domains import NewDomain
from app.apps.views.base import blueprint
from app.apps.views.parts import APP, find_app, part
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import Form

_POLL_MS = 10_000


@blueprint.get(f"{APP}/domain")
def show_domain(organization: str, project: str, app_id: str) -> Response:
    """Show the host name of an app's own; polls itself while its record is waited for."""
    app = find_app(organization, project, app_id)
    return render("apps/domain.html", fragment="apps/_domain.html", **_context(app))


def _context(app: App, form: Form[NewDomain] | None = None) -> dict[str, Any]:
    domain = queries.domain_of(app)
    waits = domain is not None and domain.status is DomainStatus.PENDING and form is None
    return part(app, "domain") | {
        "domain": domain,
        "form": form,
        "poll_ms": _POLL_MS if waits else None,
    }


@blueprint.post(f"{APP}/domain")
def attach_domain(organization: str, project: str, app_id: str) -> Response:
    """Attach a host name, in place of the one that is."""
    app = find_app(organization, project, app_id)
    form = Form(NewDomain)
    form.submit(lambda sent: operations.attach_domain(app, by=me(), hostname=sent.hostname))
    if form.errors:
        return render("apps/domain.html", status=422, **_context(app, form))
    return done(f"{app.path}/domain")


@blueprint.post(f"{APP}/domain/check")
def check_domain(organization: str, project: str, app_id: str) -> Response:
    """Have the DNS looked at now."""
    app = find_app(organization, project, app_id)
    operations.check_again(app, by=me())
    return done(f"{app.path}/domain", fragment="apps/_domain.html", **_context(app))


@blueprint.post(f"{APP}/domain/removal")
def detach_domain(organization: str, project: str, app_id: str) -> Response:
    """Take the host name off."""
    app = find_app(organization, project, app_id)
    operations.detach_domain(app, by=me())
    return done(f"{app.path}/domain")
