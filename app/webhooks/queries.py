"""Reads of what was delivered, for the admin of the whole installation alone."""

from uuid import UUID

from sqlalchemy import Select, false, select

from app.accounts.models import User
from app.admin.permissions import can_administer_installation
from app.core.db import session
from app.webhooks.models import Sender, WebhookDelivery


def deliveries_visible_to(user: User) -> Select[WebhookDelivery]:
    """Return what was delivered, newest first; for anybody else there is nothing."""
    query = select(WebhookDelivery).order_by(WebhookDelivery.received_at.desc(), WebhookDelivery.id.desc())
    return query if can_administer_installation(user) else query.where(false())


def delivery_visible_to(user: User, delivery_id: UUID) -> Select[WebhookDelivery]:
    return deliveries_visible_to(user).where(WebhookDelivery.id == delivery_id)


def delivery_numbered(sender: Sender, delivery_id: str) -> WebhookDelivery | None:
    """Return the delivery that bears a sender's number."""
    query = select(WebhookDelivery).where(
        WebhookDelivery.sender == sender, WebhookDelivery.delivery_id == delivery_id
    )
    return session.scalars(query).first()
