"""The inbox, for programs."""

from uuid import UUID

from flask import Blueprint

from app.core.paging import Page, paginate
from app.notifications import operations, queries
from app.notifications.models import ChannelName, Notification
from app.notifications.schemas import ChoiceOut, Choices, InboxQuery, NotificationOut, ReadOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("notifications_api", __name__)


@endpoint(
    blueprint,
    "GET",
    "/notifications",
    operation="List notifications",
    query=InboxQuery,
    answer=NotificationOut,
    many=True,
)
def list_notifications(query: InboxQuery) -> Page[Notification]:
    """List what the caller was told, newest first; `unread`, `needsYou` and `kind` leave out the rest."""
    found = queries.notifications_of(me(), unread=query.unread, needs_you=query.needs_you, kind=query.kind)
    return paginate(found, page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "PUT",
    "/notifications/read-all",
    operation="Mark all notifications as read",
    answer=ReadOut,
)
def mark_all_read() -> ReadOut:
    """Mark everything that the caller was told as read."""
    return ReadOut(read=operations.mark_all_read(me()))


@endpoint(
    blueprint,
    "PUT",
    "/notifications/<uuid:id>/read",
    operation="Mark notification as read",
    answer=NotificationOut,
    errors=(404,),
)
def mark_read(id: UUID) -> Notification:  # noqa: A002 - the contract's name
    """Mark one notification as read."""
    notification = load_or_404(queries.notification_of(me(), id))
    operations.mark_read(notification)
    return notification


@endpoint(
    blueprint,
    "GET",
    "/notification-choices",
    operation="List of what the caller is told (ours)",
    answer=ChoiceOut,
    many=True,
)
def list_choices() -> list[ChoiceOut]:
    """List every kind of notification, and whether the caller is told of it; `always` is not to be chosen.

    `mailed` has an effect where this installation sends mail.
    """
    return _choices()


@endpoint(
    blueprint,
    "PUT",
    "/notification-choices",
    operation="Choose of what to be told (ours)",
    body=Choices,
    answer=ChoiceOut,
    many=True,
)
def choose(body: Choices) -> list[ChoiceOut]:
    """Say of which kinds the caller wants to be told; what is left out is muted, unless it comes always."""
    operations.choose(me(), wanted=body.wanted)
    if body.mailed is not None:
        operations.choose(me(), wanted=body.mailed, channel=ChannelName.MAIL)
    return _choices()


def _choices() -> list[ChoiceOut]:
    return ChoiceOut.all_of(
        queries.wanted_by(me(), ChannelName.INBOX), queries.wanted_by(me(), ChannelName.MAIL)
    )
