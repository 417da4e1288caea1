"""Links for those who have no account: made, revoked, taken at the preview's own address."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.ids import token
from app.core.secrets import digest
from app.engine import handover
from app.previews import permissions, queries
from app.previews.models import ShareLink
from app.requests.models import ActivityType, ProductRequest
from app.requests.operations import record

MOST_LINKS = 20
_NOTED_AFTER = timedelta(minutes=1)


class Lasting(StrEnum):
    """How long a link is good for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


_SPANS = {
    Lasting.HOUR: timedelta(hours=1),
    Lasting.DAY: timedelta(days=1),
    Lasting.WEEK: timedelta(days=7),
}


def share(request: ProductRequest, *, by: User, lasting: Lasting) -> tuple[ShareLink, str]:
    """Make a link to a request's preview, and return it with its address: this once it can be read."""
    _may_share(by, request)
    preview = queries.latest_preview(request)
    if preview is None or not preview.is_up:
        raise Conflict("There is no preview to share just now. Build it first.")
    if len(queries.open_links(request)) >= MOST_LINKS:
        raise Conflict(f"{MOST_LINKS} links to this preview are open. Revoke one first.")
    secret = token(32)
    with transaction():
        link = ShareLink(
            request=request, digest=digest(secret), made_by=by, expires_at=now() + _SPANS[lasting]
        )
        session.add(link)
        record(request, ActivityType.PREVIEW, f"shared the preview by a link for one {lasting}", by=by)
    return link, handover.share_entrance(preview.url, secret)


def revoke(link: ShareLink, *, by: User) -> None:
    """Close a link; whoever came in by it is out within seconds."""
    _may_share(by, link.request)
    with transaction():
        if link.revoked_at is None:
            link.revoked_at = now()
            record(link.request, ActivityType.PREVIEW, "revoked a link to the preview", by=by)
            changed(str(link.request_id))


def take_link(secret: str, label: str) -> ShareLink | None:
    """Return the open link that somebody came with to a host label, and note that it was used."""
    link = queries.link_by_digest(digest(secret))
    return _used(link, label)


def take_guest(link_id: UUID, label: str) -> bool:
    """Tell whether a guest of a link may still look, and note when they last did."""
    return _used(session.get(ShareLink, link_id, populate_existing=True), label) is not None


def _used(link: ShareLink | None, label: str) -> ShareLink | None:
    if link is None or not link.is_open or link.request.is_over or link.request.preview_label != label:
        return None
    if link.last_used_at is None or now() - link.last_used_at > _NOTED_AFTER:
        with transaction():
            link.last_used_at = now()
    return link


def _may_share(by: User, request: ProductRequest) -> None:
    if not permissions.can_share(by, request):
        raise NotAllowed("Only who asked for this, or a developer, can share its preview.")
