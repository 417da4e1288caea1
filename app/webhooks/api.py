"""The doors for senders and clocks, each opened by its own secret, and what an admin sees of deliveries."""

from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import TypeAdapter

from app.admin.permissions import can_administer_installation
from app.core.errors import NotAllowed
from app.core.paging import Page, paginate
from app.web import guards
from app.web.api import answer_with, endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.schemas import Paging
from app.webhooks import operations, queries
from app.webhooks.models import Sender, WebhookDelivery
from app.webhooks.operations import Polled
from app.webhooks.schemas import DeliveryInFull, DeliveryOut, PolledOut, ReceiptOut

blueprint = Blueprint("webhooks_api", __name__)

LARGEST_DELIVERY = 5 * 1024 * 1024
_RECEIPT: TypeAdapter[ReceiptOut] = TypeAdapter(ReceiptOut)


@endpoint(
    blueprint,
    "POST",
    "/webhooks/github",
    operation="Receive GitHub webhook",
    answer=ReceiptOut,
    status=202,
    public=True,
    errors=(401, 404, 413),
)
@guards.guards_itself
def receive_github() -> Response:
    """Take in what GitHub delivers: 202, or 200 `seen` where it came before; `X-Hub-Signature-256` opens."""
    return _receive(Sender.GITHUB)


@endpoint(
    blueprint,
    "POST",
    "/webhooks/vercel",
    operation="Receive Vercel webhook",
    answer=ReceiptOut,
    status=202,
    public=True,
    errors=(401, 404, 413),
)
@guards.guards_itself
def receive_vercel() -> Response:
    """Take in what Vercel delivers: 202, or 200 `seen` where it came before; `x-vercel-signature` opens."""
    return _receive(Sender.VERCEL)


@endpoint(
    blueprint,
    "POST",
    "/webhooks/cursor",
    operation="Receive Cursor webhook",
    answer=ReceiptOut,
    status=202,
    public=True,
    errors=(401, 404, 413),
)
@guards.guards_itself
def receive_cursor() -> Response:
    """Take in what Cursor delivers: 202, or 200 `seen` where it came before; `X-Webhook-Signature` opens."""
    return _receive(Sender.CURSOR)


def _receive(sender: Sender) -> Response:
    request.max_content_length = LARGEST_DELIVERY
    headers = {name.lower(): value for name, value in request.headers}
    received = operations.receive(sender, headers, request.get_data())
    receipt = {"id": received.delivery.id, "status": "accepted" if received.is_new else "seen"}
    return answer_with(receipt, _RECEIPT, many=False, status=202 if received.is_new else 200, enveloped=True)


@endpoint(
    blueprint,
    "GET",
    "/cron/poll-agents",
    operation="Poll running agents",
    answer=PolledOut,
    public=True,
    errors=(401, 404),
)
@guards.guards_itself
def poll_agents() -> Polled:
    """Look again at every session that waits for something from outside; `GREENROOM_CRON_SECRET` opens.

    Greenroom does the same by itself every few seconds; this is for who wants it at a moment of their own.
    """
    return operations.poll_agents(guards.bearer())


@endpoint(
    blueprint,
    "GET",
    "/admin/deliveries",
    operation="List webhook deliveries (ours)",
    family="admin",
    query=Paging,
    answer=DeliveryOut,
    many=True,
)
def list_deliveries(query: Paging) -> Page[WebhookDelivery]:
    """List what was delivered by webhooks in the last thirty days, newest first.

    For the admin of the whole installation, with an access token: a key belongs to one organization.
    """
    if not can_administer_installation(me()):
        raise NotAllowed("Only an admin of the whole installation sees what was delivered.")
    return paginate(queries.deliveries_visible_to(me()), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "GET",
    "/admin/deliveries/<uuid:delivery_id>",
    operation="Get a webhook delivery (ours)",
    family="admin",
    answer=DeliveryInFull,
)
def get_delivery(delivery_id: UUID) -> WebhookDelivery:
    """Return a delivery with what it said; its signature is not kept."""
    return load_or_404(queries.delivery_visible_to(me(), delivery_id))


@endpoint(
    blueprint,
    "POST",
    "/admin/deliveries/<uuid:delivery_id>/redelivery",
    operation="Work on a webhook delivery again (ours)",
    family="admin",
    answer=DeliveryOut,
    status=202,
    errors=(409,),
)
def redeliver(delivery_id: UUID) -> WebhookDelivery:
    """Let a delivery be worked on once more, as if it had come just now."""
    delivery = load_or_404(queries.delivery_visible_to(me(), delivery_id))
    operations.work_again(delivery, by=me())
    return delivery
