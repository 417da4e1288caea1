"""The inbox."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from app.core.paging import paginate
from app.notifications import operations, queries
from app.web.guards import me
from app.web.pages import done, load_or_404, render

blueprint = Blueprint("notifications", __name__)
_PER_PAGE = 30


@blueprint.get("/inbox")
def show_inbox() -> Response:
    """Show what somebody was told, what needs them first."""
    return render("notifications/inbox.html", fragment="notifications/_inbox.html", **_inbox())


@blueprint.get("/inbox/<uuid:notification_id>")
def open_notification(notification_id: UUID) -> Response:
    """Go where a notification points to; having gone there is having read it."""
    notification = load_or_404(queries.notification_of(me(), notification_id))
    operations.mark_read(notification)
    return done(notification.path)


@blueprint.post("/inbox/<uuid:notification_id>/reading")
def mark_read(notification_id: UUID) -> Response:
    """Mark one notification as read."""
    operations.mark_read(load_or_404(queries.notification_of(me(), notification_id)))
    return _done()


@blueprint.post("/inbox/reading")
def mark_all_read() -> Response:
    """Mark the whole inbox as read."""
    operations.mark_all_read(me())
    return _done()


def _done() -> Response:
    return done(url_for("notifications.show_inbox"), fragment="notifications/_inbox.html", **_inbox())


def _inbox() -> dict[str, Any]:
    return {
        "waiting": queries.needing(me()),
        "rest": paginate(
            queries.for_information(me()), page=request.args.get("page", 1, type=int), limit=_PER_PAGE
        ),
        "unread": queries.unread_count(me()),
    }
