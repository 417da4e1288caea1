"""Who shall reach this."""

from urllib.parse import urlsplit

from flask import Response, request

from app.admin import operations
from app.admin.panel import reach_panel
from app.admin.permissions import can_administer_installation
from app.admin.schemas import ReachAnswer
from app.admin.views.base import blueprint, must_administer
from app.core.installation import installation
from app.organizations.models import memberships_of
from app.web.guards import caller, me
from app.web.pages import done, render
from app.web.schemas import Form


@blueprint.before_app_request
def note_the_new_address() -> None:
    """Let the address before rest, once an admin has come by the new one."""
    here, found = installation(), caller()
    if here.former_url and found and found.via == "cookie" and can_administer_installation(found.user):
        new = urlsplit(here.url)
        if (request.scheme, request.host) == (new.scheme, new.netloc):
            operations.confirm_reach(by=found.user)


@blueprint.get("/admin/reach")
def show_reach() -> Response:
    """Ask who shall reach this, or show what was answered; the state polls itself while it is not settled."""
    must_administer()
    return _show()


@blueprint.post("/admin/reach")
def decide_reach() -> Response:
    """Keep the answer; what changes starts anew by itself."""
    must_administer()
    was_first = not reach_panel(request.host).kept.is_answered
    form = Form(ReachAnswer)
    starts = form.submit(lambda sent: operations.decide_reach(sent.reach(), by=me()))
    if starts is None:
        return _show(form, status=422)
    return done(_beginning() if was_first and not starts else "/admin/reach")


@blueprint.post("/admin/reach/checks")
def check_reach() -> Response:
    """Look whether an answer would hold, without keeping it."""
    must_administer()
    form = Form(ReachAnswer)
    checks = form.submit(lambda sent: operations.check_reach(sent.reach(), by=me()))
    status = 422 if checks is None else 200
    context = {**_context(form), "checks": checks}
    return render("admin/reach.html", fragment="admin/_checks.html", status=status, **context)


def _show(form: Form[ReachAnswer] | None = None, *, status: int = 200) -> Response:
    return render("admin/reach.html", fragment="admin/_state.html", status=status, **_context(form))


def _context(form: Form[ReachAnswer] | None) -> dict[str, object]:
    return {"panel": reach_panel(request.host), "form": form, "checks": None, "beginning": _beginning()}


def _beginning() -> str:
    """Return where somebody goes on who has just begun."""
    memberships = memberships_of(me())
    return f"/{memberships[0].organization.slug}/begin" if memberships else "/"
