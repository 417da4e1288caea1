"""The pages of the work on a request: where it stands, its log, and what can be done about it."""

from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import Field

from app.core.errors import NotFound
from app.development import operations, queries
from app.development.models import DevelopmentSession
from app.development.panel import panel_for
from app.engine import logs
from app.projects.queries import project_at
from app.requests.models import ProductRequest
from app.requests.queries import request_numbered
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form, Schema

blueprint = Blueprint("development", __name__)

_ADDRESS = "/<organization>/<project>/requests/<int:number>/development"
_CHUNK = 256_000
_WHOLE = 16_000_000


class StartForm(Schema):
    """Who shall work."""

    agent: str | None = Field(None, max_length=20)


def _request(organization: str, project: str, number: int) -> ProductRequest:
    found = load_or_404(project_at(me(), organization, project))
    return load_or_404(request_numbered(me(), found, number))


def _session(wanted: ProductRequest) -> DevelopmentSession:
    development = queries.latest_session(wanted)
    if development is None:
        raise NotFound("Nobody has worked on this request yet.")
    return development


def _shown(wanted: ProductRequest) -> Response:
    """Answer what was done: with the panel as it is now, or by going to the Work tab."""
    panel = panel_for(wanted, me())
    answer = done(f"{wanted.path}/work", fragment="development/_session.html", panel=panel)
    answer.headers["HX-Trigger"] = "request-touched"
    return answer


@blueprint.get(_ADDRESS)
def show_session(organization: str, project: str, number: int) -> Response:
    """Show how far the work is; the fragment polls itself until it is over."""
    panel = panel_for(_request(organization, project, number), me())
    if request.args.get("seen") == panel.mark:  # nothing to swap, so that an open question stays open
        return Response(status=204)
    answer = render("development/page.html", fragment="development/_session.html", panel=panel)
    if request.args.get("seen"):
        answer.headers["HX-Trigger"] = "request-touched"
    return answer


@blueprint.post(_ADDRESS)
def start_session(organization: str, project: str, number: int) -> Response:
    """Start the work, or start it again."""
    wanted = _request(organization, project, number)
    operations.start(wanted, by=me(), agent=Form(StartForm).valid.agent)
    return _shown(wanted)


@blueprint.post(f"{_ADDRESS}/cancellation")
def cancel_session(organization: str, project: str, number: int) -> Response:
    """Stop the work."""
    wanted = _request(organization, project, number)
    operations.cancel(_session(wanted), by=me())
    return _shown(wanted)


@blueprint.post(f"{_ADDRESS}/completion")
def mark_ready(organization: str, project: str, number: int) -> Response:
    """Say that what is on the branch is the result."""
    wanted = _request(organization, project, number)
    operations.mark_ready(_session(wanted), by=me())
    return _shown(wanted)


@blueprint.post(f"{_ADDRESS}/reset")
def reset_session(organization: str, project: str, number: int) -> Response:
    """Throw the work away."""
    wanted = _request(organization, project, number)
    operations.reset(wanted, by=me())
    return _shown(wanted)


@blueprint.get(f"{_ADDRESS}/sessions/<uuid:session_id>/log")
def read_log(organization: str, project: str, number: int, session_id: UUID) -> Response:
    """Give a session's log as text, from a byte offset on, or whole."""
    wanted = _request(organization, project, number)
    development = load_or_404(queries.session_visible_to(me(), session_id))
    if development.request_id != wanted.id:
        raise NotFound("This log belongs to another request.")
    offset = request.args.get("offset", type=int)
    data, next_offset, size = logs.read(
        development.log_path, offset or 0, _WHOLE if offset is None else _CHUNK
    )
    answer = Response(data, mimetype="text/plain")
    answer.headers["X-Log-Offset"] = str(next_offset)
    if not development.is_open and next_offset >= size:
        answer.headers["X-Log-Ended"] = "true"
    return answer
