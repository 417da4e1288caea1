"""What the pages of previews share: the request that they are about, and how its preview stands."""

import re
from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _

from app.core.clock import now
from app.engine import routes
from app.previews import operations, permissions, queries
from app.previews.models import ON_THE_WAY, Preview, PreviewStatus
from app.projects.permissions import can_configure
from app.projects.queries import project_at
from app.requests.models import ProductRequest
from app.requests.queries import request_numbered
from app.web.guards import me
from app.web.pages import done, load_or_404

blueprint = Blueprint("previews", __name__)

ADDRESS = "/<organization>/<project>/requests/<int:number>/preview"
_STEPS = ("queued", "checkout", "installing", "building", "starting")


def find_request(organization: str, project: str, number: int) -> ProductRequest:
    """Load the request at an address, where the caller may see it."""
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
        "may_tend": permissions.can_tend(me(), wanted) and not wanted.is_over,
        "may_configure": can_configure(me(), wanted.project),
        "missing": _missing_variable(preview),
        **_rounds(wanted),
        "days": operations.DAYS_UP,
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


def _rounds(wanted: ProductRequest) -> dict[str, Any]:
    rounds = queries.rounds_of(wanted)
    labels = {preview.id: queries.label_now(preview) for preview in rounds if preview.is_up}
    addresses = routes.addresses_of(list(labels.values()))
    return {
        "rounds": rounds,
        "states": queries.states_of(rounds),
        "addresses": {key: addresses[label] for key, label in labels.items()},
    }


def _missing_variable(preview: Preview | None) -> str | None:
    """Return the name of the variable that a failed preview did not find."""
    if preview is None or preview.error_code != "missing_variable":
        return None
    found = re.search(r"The variable (\w+) is not set", preview.error_message or "")
    return found[1] if found else None


def show_again(wanted: ProductRequest) -> Response:
    """Answer an action on a preview: its status as it is now."""
    return done(f"{wanted.path}/preview", fragment="previews/_status.html", **status_context(wanted))
