"""The preview's page, its log, and the hand-over to its own address."""

from uuid import UUID

from flask import Response, redirect, request
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.engine import handover, routes
from app.previews import checks, operations, queries
from app.previews.views.base import ADDRESS, blueprint, find_request, show_again, status_context
from app.previews.views.shares import share_context
from app.projects.queries import project_visible_to
from app.web.guards import me
from app.web.log_files import answer_log
from app.web.pages import done, load_or_404, render, wants_fragment


@blueprint.get(ADDRESS)
def show_preview(organization: str, project: str, number: int) -> Response:
    """Show how a preview comes about, or where it is; the fragment polls itself until it is final."""
    context = status_context(find_request(organization, project, number))
    part = "previews/_summary.html" if request.args.get("summary") else "previews/_status.html"
    return render("previews/page.html", fragment=part, **context, **share_context(context["request_"]))


@blueprint.get(f"{ADDRESS}/checks")
def show_checks(organization: str, project: str, number: int) -> Response:
    """Show what a machine found on it; the fragment polls itself until the look is over."""
    wanted = find_request(organization, project, number)
    if not wants_fragment():
        return done(f"{wanted.path}/preview")
    return render("previews/page.html", fragment="previews/_checks.html", **status_context(wanted))


@blueprint.get(f"{ADDRESS}/pictures/<uuid:preview_id>/<any(desktop, phone):window>")
def show_picture(organization: str, project: str, number: int, preview_id: UUID, window: str) -> Response:
    """Give a picture of what was seen at the width of a desktop or of a phone."""
    preview = load_or_404(queries.preview_of(find_request(organization, project, number), preview_id))
    path = checks.picture_path(preview.name, window)
    if not path.is_file():
        raise NotFound(_("There is no such picture of this preview."))
    answer = Response(path.read_bytes(), mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.post(ADDRESS)
def start_preview(organization: str, project: str, number: int) -> Response:
    """Build the tip of the branch, again if it stands already."""
    wanted = find_request(organization, project, number)
    operations.start_preview(wanted, by=me(), force=True)
    return show_again(wanted)


@blueprint.post(f"{ADDRESS}/cancellation")
def cancel_preview(organization: str, project: str, number: int) -> Response:
    """Stop a build."""
    wanted = find_request(organization, project, number)
    operations.cancel_preview(wanted, by=me())
    return show_again(wanted)


@blueprint.post(f"{ADDRESS}/removal")
def take_down(organization: str, project: str, number: int) -> Response:
    """Take a preview off its address."""
    wanted = find_request(organization, project, number)
    operations.take_preview_down(wanted, by=me())
    return show_again(wanted)


@blueprint.get(f"{ADDRESS}/log")
def read_log(organization: str, project: str, number: int) -> Response:
    """Give the log as text, from a byte offset on, or whole."""
    preview = queries.latest_preview(find_request(organization, project, number))
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
