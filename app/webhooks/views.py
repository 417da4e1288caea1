"""The pages about what was delivered, for the admin of the whole installation."""

import json
from uuid import UUID

from flask import Blueprint, Response, request

from app.admin.permissions import can_administer_installation
from app.core.errors import NotAllowed
from app.core.installation import installation
from app.core.paging import paginate
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.webhooks import operations, queries
from app.webhooks.models import Sender

blueprint = Blueprint("webhooks", __name__)
PAGE = 30


@blueprint.get("/admin/deliveries")
def show_deliveries() -> Response:
    """Show what was delivered, and which senders have a door here."""
    if not can_administer_installation(me()):
        raise NotAllowed("Only an admin of the whole installation sees what was delivered.")
    page = request.args.get("page", 1, type=int)
    return render(
        "webhooks/deliveries.html",
        found=paginate(queries.deliveries_visible_to(me()), page=page, limit=PAGE),
        doors=[(sender, bool(installation().webhook_secrets.get(sender.value))) for sender in Sender],
    )


@blueprint.get("/admin/deliveries/<uuid:delivery_id>")
def show_delivery(delivery_id: UUID) -> Response:
    """Show what a delivery said and what came of it."""
    delivery = load_or_404(queries.delivery_visible_to(me(), delivery_id))
    said = json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
    return render("webhooks/delivery.html", delivery=delivery, said=said)


@blueprint.post("/admin/deliveries/<uuid:delivery_id>/redelivery")
def redeliver(delivery_id: UUID) -> Response:
    """Let a delivery be worked on once more."""
    delivery = load_or_404(queries.delivery_visible_to(me(), delivery_id))
    operations.work_again(delivery, by=me())
    return done(delivery.path)
