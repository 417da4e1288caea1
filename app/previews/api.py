"""Previews for programs: start, ask, read the log, cancel, take down."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from app.accounts.operations import note_key_use
from app.accounts.queries import is_to_be_noted
from app.core.errors import NotAllowed, NotFound
from app.core.paging import Page, whole
from app.core.secrets import digest
from app.engine import logs, routes
from app.previews import operations, permissions, queries
from app.previews.models import Preview
from app.previews.schemas import (
    Awake,
    BranchTitle,
    ChecksOut,
    LogOut,
    LogQuery,
    NewShare,
    PreviewOut,
    PreviewState,
    RoundOut,
    ShareOut,
    StartPreview,
    UnaskedOut,
)
from app.projects.queries import project_visible_to
from app.requests.models import ProductRequest
from app.requests.queries import request_visible_to
from app.requests.schemas import RequestOut
from app.web import guards
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.polling import answer_status

blueprint = Blueprint("previews_api", __name__)


def _request(request_id: UUID) -> ProductRequest:
    return load_or_404(request_visible_to(me(), request_id))


def _info(request: ProductRequest, preview: Preview | None) -> PreviewOut:
    state = queries.as_status(queries.status_of(request.id))
    return PreviewOut(
        request_id=request.id,
        status=state["status"],
        branch_name=state["branchName"],
        commit_sha=preview.commit_sha if preview else None,
        preview_url=state["previewUrl"],
        deployment_id=preview.id if preview else None,
        plan=preview.plan if preview else None,
        checks=ChecksOut.of(preview) if preview else None,
        created_at=preview.created_at if preview else None,
    )


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/preview",
    operation="Trigger preview deployment",
    body=StartPreview,
    answer=PreviewOut,
    status=201,
    errors=(409,),
)
def start_preview(id: UUID, body: StartPreview) -> PreviewOut:  # noqa: A002 - the path's word
    """Build a commit of the request's branch (its tip, unless one is named) and show it."""
    request = _request(id)
    preview = operations.start_preview(request, by=me(), commit=body.commit_sha, force=body.force)
    return _info(request, preview)


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/preview",
    operation="Get preview deployment info",
    answer=PreviewOut,
)
def show_preview(id: UUID) -> PreviewOut:  # noqa: A002
    """Return the newest preview; `status` is `not_started` where there is none."""
    request = _request(id)
    return _info(request, queries.latest_preview(request))


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/preview/status",
    operation="Get detailed preview deployment status",
    answer=PreviewState,
)
@guards.guards_itself
def show_status(id: UUID) -> Response:  # noqa: A002
    """Return status, phase, progress and when to ask again. `?wait=` waits up to 60 s for a change."""
    secret = guards.bearer()
    key = digest(secret) if secret is not None and secret.startswith("gr_") else None
    if key is None:
        guards.demand()
        _request(id)

    def read() -> dict[str, Any]:
        if key is None:
            return queries.as_status(queries.status_of(id))
        row = queries.status_by_key(id, key)
        if row is None or "read" not in row.scopes:
            guards.demand()
            raise NotFound("There is no such request, or it is not yours to see.")
        if is_to_be_noted(row.last_used_at):
            note_key_use(row.key_id)
        return queries.as_status(row)

    return answer_status(read, topic=str(id))


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/preview",
    operation="Take the preview down (ours)",
    status=204,
)
def take_down(id: UUID) -> None:  # noqa: A002
    """Take the preview off its address; its log stays."""
    operations.take_preview_down(_request(id), by=me())


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/preview/cancel",
    operation="Cancel a preview that is being built (ours)",
    answer=PreviewOut,
    errors=(409,),
)
def cancel_preview(id: UUID) -> PreviewOut:  # noqa: A002
    """Stop the build; `cancelled` is said once its processes are gone."""
    request = _request(id)
    return _info(request, operations.cancel_preview(request, by=me()))


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/preview/log",
    operation="Read the preview's log from a byte offset (ours)",
    query=LogQuery,
    answer=LogOut,
)
def read_log(id: UUID, query: LogQuery) -> LogOut:  # noqa: A002
    """Return what the log says from a byte offset on; ask again from `nextOffset`."""
    preview = queries.latest_preview(_request(id))
    if preview is None:
        raise NotFound("This request has no preview yet, so there is no log.")
    return log_part(preview, query)


def log_part(preview: Preview, query: LogQuery) -> LogOut:
    """Read a part of a preview's log."""
    data, next_offset, size = logs.read(preview.log_path, query.offset, min(query.limit, 256_000))
    return LogOut(
        text=data.decode("utf-8", "replace"), offset=query.offset, next_offset=next_offset, size=size
    )


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/preview/rounds",
    operation="List a preview's rounds (ours)",
    answer=RoundOut,
    many=True,
)
def list_rounds(id: UUID) -> Page[RoundOut]:  # noqa: A002
    """List every round with its commit and, while it is up, an address of its own; newest first."""
    rounds = queries.rounds_of(_request(id))
    urls = {each.id: routes.address_of(queries.label_now(each)) for each in rounds if each.is_up}
    states = queries.states_of(rounds)
    return whole([RoundOut.of(each, states[each.id], urls.get(each.id)) for each in rounds])


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/preview/shares",
    operation="List the links to a preview (ours)",
    answer=ShareOut,
    many=True,
    errors=(403,),
)
def list_shares(id: UUID) -> Page[ShareOut]:  # noqa: A002
    """List the links by which somebody without an account opens this preview, newest first."""
    request = _request(id)
    if not permissions.can_share(me(), request):
        raise NotAllowed("Only who asked for this, or a developer, sees the links to its preview.")
    return whole([ShareOut.of(link) for link in queries.links_of(request)])


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/preview/shares",
    operation="Share a preview by a link (ours)",
    body=NewShare,
    answer=ShareOut,
    status=201,
    errors=(403, 409),
)
def share_preview(id: UUID, body: NewShare) -> ShareOut:  # noqa: A002
    """Make a link for an `hour`, a `day` or a `week`; its `url` is told this once."""
    link, url = operations.share(_request(id), by=me(), lasting=body.lasting)
    return ShareOut.of(link, url)


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/preview/shares/<uuid:share_id>",
    operation="Revoke a link to a preview (ours)",
    status=204,
    errors=(403,),
)
def revoke_share(id: UUID, share_id: UUID) -> None:  # noqa: A002
    """Close a link; whoever came in by it is out within seconds."""
    operations.revoke(load_or_404(queries.link_of(_request(id), share_id)), by=me())


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/preview/sleep",
    operation="Put a preview to sleep (ours)",
    answer=PreviewOut,
    errors=(403, 409),
)
def put_to_sleep(id: UUID) -> PreviewOut:  # noqa: A002
    """End the preview's process until somebody opens it."""
    request = _request(id)
    return _info(request, operations.put_to_sleep(request, by=me()))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/preview/restart",
    operation="Restart a preview (ours)",
    answer=PreviewOut,
    errors=(403, 409),
)
def restart_preview(id: UUID) -> PreviewOut:  # noqa: A002
    """Start the preview's process anew, from what was built."""
    request = _request(id)
    return _info(request, operations.restart(request, by=me()))


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/preview/awake",
    operation="Keep a preview awake, or let it sleep (ours)",
    body=Awake,
    answer=PreviewOut,
    errors=(403, 409),
)
def keep_awake(id: UUID, body: Awake) -> PreviewOut:  # noqa: A002
    """Let the preview's process run though nobody looks, or let it sleep again when it is idle."""
    request = _request(id)
    return _info(request, operations.keep_awake(request, by=me(), awake=body.awake))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/preview/extension",
    operation="Let a preview stay longer (ours)",
    answer=PreviewOut,
    errors=(403, 409),
)
def extend_preview(id: UUID) -> PreviewOut:  # noqa: A002
    """Let a preview stay up as long as a new one would, from now on."""
    request = _request(id)
    return _info(request, operations.extend(request, by=me()))


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/branches",
    operation="List branches that nobody asked for (ours)",
    answer=UnaskedOut,
    many=True,
)
def list_branches(id: UUID) -> Page[UnaskedOut]:  # noqa: A002
    """List the branches that no open request works on, with their previews; what moved last comes first."""
    project = load_or_404(project_visible_to(me(), id))
    return whole([UnaskedOut.of(each) for each in queries.unasked_branches(project)])


@endpoint(
    blueprint,
    "POST",
    "/projects/<uuid:id>/branches",
    operation="Make a request of a branch (ours)",
    body=BranchTitle,
    answer=RequestOut,
    status=201,
    errors=(403, 409),
)
def make_request(id: UUID, body: BranchTitle) -> RequestOut:  # noqa: A002
    """File a request for what a branch holds already; whoever pushed it is asked to try it."""
    project = load_or_404(project_visible_to(me(), id))
    return RequestOut.of(operations.make_request_of(project, body.branch, by=me(), title=body.title))
