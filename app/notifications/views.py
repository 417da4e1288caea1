"""The inbox."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from app.core.paging import paginate
from app.integrations import mail
from app.notifications import operations, queries
from app.notifications.models import ChannelName
from app.notifications.schemas import ChoiceOut, ChoicesForm
from app.web.guards import me
from app.web.pages import done, load_or_404, page_number, render
from app.web.schemas import Form

blueprint = Blueprint("notifications", __name__)
_PER_PAGE = 30
_SHOWN = {"all": False, "needs-you": True, "unread": None}
"""What each part of the inbox lists by page: only what needs somebody, only what does not, or both."""


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


@blueprint.get("/profile/notifications")
def show_choices() -> Response:
    """Show of what somebody is told, and by which ways."""
    wanted, mailed = (queries.wanted_by(me(), channel) for channel in ChannelName)
    return render(
        "notifications/choices.html", choices=ChoiceOut.all_of(wanted, mailed), sends_mail=mail.is_set_up()
    )


@blueprint.post("/profile/notifications")
def choose() -> Response:
    """Say of what one wants to be told."""
    sent = Form(ChoicesForm).valid
    operations.choose(me(), wanted=sent.wanted)
    if mail.is_set_up():
        operations.choose(me(), wanted=sent.mailed, channel=ChannelName.MAIL)
    flash(_("Saved what you are told of."), "success")
    return done("/profile/notifications")


def _done() -> Response:
    inbox = _inbox()
    address = url_for("notifications.show_inbox", show=inbox["show"] if inbox["show"] != "all" else None)
    return done(address, fragment="notifications/_inbox.html", **inbox)


def _inbox() -> dict[str, Any]:
    wanted = request.args.get("show", "all")
    show = wanted if wanted in _SHOWN else "all"
    rest = queries.notifications_of(me(), unread=show == "unread", needs_you=_SHOWN[show])
    return {
        "show": show,
        "counts": queries.counts_of(me()),
        "waiting": queries.needing(me()) if show == "all" else [],
        "rest": paginate(rest, page=page_number(), limit=_PER_PAGE),
    }
