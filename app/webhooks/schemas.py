"""What deliveries look like to programs."""

from typing import Any, Literal
from uuid import UUID

from app.web.schemas import Moment, Schema
from app.webhooks.models import DeliveryStatus, Sender


class ReceiptOut(Schema):
    """That a delivery was taken in now, or had come before."""

    id: UUID
    status: Literal["accepted", "seen"]


class PolledOut(Schema):
    """How many sessions waited for something from outside, and how many of them ended now."""

    waiting: int
    ended: int


class DeliveryOut(Schema):
    """A delivery, and what came of it."""

    id: UUID
    sender: Sender
    delivery_id: str
    event: str
    status: DeliveryStatus
    outcome: str | None
    received_at: Moment
    worked_at: Moment | None


class DeliveryInFull(DeliveryOut):
    """A delivery with what it said, as it came."""

    headers: dict[str, Any]
    body: str
