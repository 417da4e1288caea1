"""The preview's pages: its status, its log, and the hand-over to its own address."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _

from app.core.clock import now
from app.core.errors import NotFound
from app.engine import handover, routes
from app.previews import checks, operations, permissions, queries
from app.previews.models import ON_THE_WAY, PreviewStatus
from app.projects.queries import project_at, project_visible_to
from app.requests.models import ProductRequest
from app.requests.queries import request_numbered
from app.web.guards import me
from app.web.log_files import answer_log
from app.web.pages import done, load_or_404, render, wants_fragment

blueprint = Blueprint("previews", __name__)

_ADDRESS = "/<organization>/<project>/requests/<int:number>/preview"
_STEPS = ("queued", "checkout", "installing", "building", "starting")


def _request(organization: str, project: str, number: int) -> ProductRequest:
    found = load_or_404(project_at(me(), organization, project))
    return load_or_404(request_numbered(me(), found, number))


def status_context(wanted: ProductRequest) -> dict[str, Any]:
    """Return what the status fragment shows; the page, the poll and the request page share it."""
    preview = queries.latest_preview(wanted)
    state = queries.as_status(queries.status_of(wanted.id))
    return {
        "request_": wanted,
        "preview": preview,
        "state": state,
        "steps": _steps(state, preview),
        "elapsed": (now() - preview.created_at).total_seconds() if preview else 0,
        "may_start": permissions.can_start_preview(me(), wanted) and not wanted.is_over and wanted.commit_sha,
        "may_stop": permissions.can_take_down(me(), wanted),
    }


def _steps(state: dict[str, Any], preview: Any) -> list[dict[str, Any]]:
    if preview is None:
        return []
    labels = {
        "queued": _("Waiting for its turn"),
        "checkout": _("Fetching the files"),
        "installing": _("Installing what it needs"),
        "building": _("Building"),
        "starting": _("Starting and checking that it answers"),
    }
    phase = {"planning": "checkout", "seeding": "building", None: "queued"}.get(
        state["phase"], state["phase"]
    )
    at = _STEPS.index(phase) if phase in _STEPS else 0
    status = PreviewStatus(state["status"])
    on_the_way = status in ON_THE_WAY
    shown = []
    for place, name in enumerate(_STEPS):
        is_over = not on_the_way or place < at
        shown.append(
            {
                "label": labels[name],
                "state": "done" if is_over else "running" if place == at else "waiting",
                "note": state["message"] if on_the_way and place == at else None,
            }
        )
    return shown


@blueprint.get(_ADDRESS)
def show_preview(organization: str, project: str, number: int) -> Response:
    """Show how a preview comes about, or where it is; the fragment polls itself until it is final."""
    context = status_context(_request(organization, project, number))
    part = "previews/_summary.html" if request.args.get("summary") else "previews/_status.html"
    return render("previews/page.html", fragment=part, **context)


@blueprint.get(f"{_ADDRESS}/checks")
def show_checks(organization: str, project: str, number: int) -> Response:
    """Show what a machine found on it; the fragment polls itself until the look is over."""
    wanted = _request(organization, project, number)
    if not wants_fragment():
        return done(f"{wanted.path}/preview")
    return render("previews/page.html", fragment="previews/_checks.html", **status_context(wanted))


@blueprint.get(f"{_ADDRESS}/pictures/<uuid:preview_id>/<any(desktop, phone):window>")
def show_picture(organization: str, project: str, number: int, preview_id: UUID, window: str) -> Response:
    """Give a picture of what was seen at the width of a desktop or of a phone."""
    preview = load_or_404(queries.preview_of(_request(organization, project, number), preview_id))
    path = checks.picture_path(preview.name, window)
    if not path.is_file():
        raise NotFound(_("There is no such picture of this preview."))
    answer = Response(path.read_bytes(), mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.post(_ADDRESS)
def start_preview(organization: str, project: str, number: int) -> Response:
    """Build the tip of the branch, again if it stands already."""
    wanted = _request(organization, project, number)
    operations.start_preview(wanted, by=me(), force=True)
    return done(
        f"{wanted.path}/preview", fragment="previews/_status.html", **_fresh(organization, project, number)
    )


@blueprint.post(f"{_ADDRESS}/cancellation")
def cancel_preview(organization: str, project: str, number: int) -> Response:
    """Stop a build."""
    wanted = _request(organization, project, number)
    operations.cancel_preview(wanted, by=me())
    return done(
        f"{wanted.path}/preview", fragment="previews/_status.html", **_fresh(organization, project, number)
    )


@blueprint.post(f"{_ADDRESS}/removal")
def take_down(organization: str, project: str, number: int) -> Response:
    """Take a preview off its address."""
    wanted = _request(organization, project, number)
    operations.take_preview_down(wanted, by=me())
    return done(
        f"{wanted.path}/preview", fragment="previews/_status.html", **_fresh(organization, project, number)
    )


def _fresh(organization: str, project: str, number: int) -> dict[str, Any]:
    return status_context(_request(organization, project, number))


@blueprint.get(f"{_ADDRESS}/log")
def read_log(organization: str, project: str, number: int) -> Response:
    """Give the log as text, from a byte offset on, or whole."""
    preview = queries.latest_preview(_request(organization, project, number))
    if preview is None:
        raise NotFound(_("This request has no preview yet, so there is no log."))
    return answer_log(preview.log_path, ended=not preview.is_on_the_way)


@blueprint.get("/open-preview")
def open_preview() -> Response:
    """Hand a signed-in person over to a preview's own address: a signed token, good for once."""
    label, path = request.args.get("label", ""), request.args.get("path", "/")
    route = routes.find(label)
    if route is None or route.project_id is None:
        raise NotFound(_("There is no preview at this address any more."))
    found = load_or_404(project_visible_to(me(), route.project_id))
    token = handover.issue(label, me().id, found.id)
    answer = redirect(handover.entrance(routes.address_of(label), token, path), code=302)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer  # type: ignore[return-value]
