"""What is done with deliveries: taken in once, worked on, worked on again, and thrown away when old."""

import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete

from app.accounts.models import User
from app.admin.permissions import can_administer_installation
from app.core import ledger
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed, NotFound, Unauthenticated
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run
from app.development import operations as development
from app.development.queries import waiting_sessions
from app.webhooks import queries
from app.webhooks.models import DeliveryStatus, Sender, WebhookDelivery
from app.webhooks.senders import must_be_signed, open_envelope, payload_of

KEPT = timedelta(days=30)
_CLOSED = "There is nothing at this address, or it is not yours to see."


class Received(NamedTuple):
    """A delivery, and whether it came for the first time."""

    delivery: WebhookDelivery
    is_new: bool


class Outcome(NamedTuple):
    """What came of a delivery, in a sentence."""

    status: DeliveryStatus
    said: str


class Polled(NamedTuple):
    """How many sessions waited for something from outside, and how many of them ended now."""

    waiting: int
    ended: int


def receive(sender: Sender, headers: Mapping[str, str], body: bytes) -> Received:
    """Take in what a sender delivers, once; without its secret set there is no such door.

    The names of headers come in small letters.
    """
    secret = installation().webhook_secrets.get(sender.value)
    if not secret:
        raise NotFound(_CLOSED)
    must_be_signed(sender, secret, headers, body)
    envelope = open_envelope(sender, headers, body)
    known = queries.delivery_numbered(sender, envelope.delivery_id)
    if known is not None:
        return Received(known, is_new=False)
    delivery = WebhookDelivery(
        sender=sender,
        delivery_id=envelope.delivery_id,
        event=envelope.event,
        headers=envelope.headers,
        body=body.decode(errors="replace").replace("\0", ""),
    )
    try:
        with transaction():
            session.add(delivery)
            session.flush()  # its run bears its id
            work_delivery.later(delivery.id)
    except Conflict:  # the same delivery came a second time at the same moment
        known = queries.delivery_numbered(sender, envelope.delivery_id)
        if known is None:
            raise
        return Received(known, is_new=False)
    return Received(delivery, is_new=True)


@job(queue="quick", deadline=60, attempts=3)
def work_delivery(delivery_id: UUID) -> None:
    """Do what a delivery asks for, and keep what came of it."""
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.status is not DeliveryStatus.WAITING:
        return
    outcome = _work(delivery)
    with transaction():
        delivery.end(outcome.status, outcome.said)


def _work(delivery: WebhookDelivery) -> Outcome:
    said = payload_of(delivery.body)
    match delivery.sender:
        case Sender.GITHUB:
            return _heard_from_github(delivery.event, said)
        case Sender.VERCEL:
            name = _text(said, "payload", "deployment", "name") or "a deployment"
            return _ignored(f"Nothing here is deployed by Vercel as {name}.")
        case Sender.CURSOR:
            return _ignored(f"No session here is worked on by {_text(said, 'id') or 'a Cursor agent'}.")


def _heard_from_github(event: str, said: dict[str, object]) -> Outcome:
    if event == "ping":
        return Outcome(DeliveryStatus.DONE, "GitHub reaches this installation.")
    repository = _text(said, "repository", "full_name") or "a repository without a name"
    if event in {"push", "pull_request"}:
        return _ignored(f"No project here follows {repository}.")
    return _ignored(f"Nothing here comes of the event {event}.")


def _ignored(said: str) -> Outcome:
    return Outcome(DeliveryStatus.IGNORED, said)


def _text(said: object, *names: str) -> str:
    """Return a text that lies at a place in what a sender said, where it does."""
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    return said[:200] if isinstance(said, str) else ""


@ledger.when_ended("webhooks.work_delivery")
def _end(run: Run) -> None:
    """Say of a delivery why nothing came of it."""
    delivery = session.get(WebhookDelivery, UUID(run.subject_id))
    if delivery is not None and delivery.status is DeliveryStatus.WAITING:
        delivery.end(DeliveryStatus.FAILED, run.error_message or "It was stopped.")


def work_again(delivery: WebhookDelivery, *, by: User) -> None:
    """Let a delivery be worked on once more, as if it had come just now."""
    if not can_administer_installation(by):
        raise NotAllowed("Only an admin of the whole installation has deliveries worked on again.")
    if delivery.status is DeliveryStatus.WAITING:
        raise Conflict("This waits to be worked on already. Reload the page in a moment.")
    with transaction():
        delivery.begin_anew()
        session.flush()  # the worker reads it
        work_delivery.later(delivery.id)


def sweep_deliveries() -> int:
    """Throw away what was delivered more than thirty days ago; called by the schedule."""
    with transaction():
        old = delete(WebhookDelivery).where(WebhookDelivery.received_at < now() - KEPT)
        return session.execute(old).rowcount  # type: ignore[attr-defined,no-any-return]


def poll_agents(secret: str | None) -> Polled:
    """Look again at every session that waits for something from outside, for who knows the secret."""
    wanted = installation().cron_secret
    if not wanted:
        raise NotFound(_CLOSED)
    if not hmac.compare_digest(wanted.encode(), (secret or "").encode()):
        raise Unauthenticated("Send the secret of GREENROOM_CRON_SECRET as `Authorization: Bearer …`.")
    return Polled(waiting=len(waiting_sessions()), ended=development.sync_waiting())
