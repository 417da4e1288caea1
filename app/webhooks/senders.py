"""How each sender signs what it delivers, and how it says what that is; after their own documentation.

GitHub: docs.github.com, "Validating webhook deliveries". Vercel: vercel.com/docs/webhooks/webhooks-api.
Cursor: cursor.com/docs/cloud-agent/api/webhooks.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.clock import now
from app.core.errors import DomainError, Unauthenticated
from app.webhooks.models import Sender

OLDEST = timedelta(days=1)  # as long as senders try again
_AHEAD = timedelta(minutes=10)  # as far as their clock may be before ours
_KEPT = ("Content-Type", "User-Agent")
_LONGEST_ID, _LONGEST_EVENT = 200, 100


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """Where a sender puts its signature, and where its delivery's number, event and moment."""

    signature: str
    digest: str
    prefix: str = ""
    id_header: str = ""
    event_header: str = ""
    id_field: str = ""
    event_field: str = ""
    moment_field: str = ""

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers that are worth keeping; the signature is not among them."""
        return tuple(name for name in (self.id_header, self.event_header, *_KEPT) if name)


SCHEMES = {
    Sender.GITHUB: Scheme(
        signature="X-Hub-Signature-256",
        digest="sha256",
        prefix="sha256=",
        id_header="X-GitHub-Delivery",
        event_header="X-GitHub-Event",
    ),
    Sender.VERCEL: Scheme(
        signature="X-Vercel-Signature",
        digest="sha1",
        id_field="id",
        event_field="type",
        moment_field="createdAt",
    ),
    Sender.CURSOR: Scheme(
        signature="X-Webhook-Signature",
        digest="sha256",
        prefix="sha256=",
        id_header="X-Webhook-ID",
        event_header="X-Webhook-Event",
        moment_field="timestamp",
    ),
}


@dataclass(frozen=True)
class Envelope:
    """What a delivery says of itself."""

    delivery_id: str
    event: str
    headers: dict[str, str]


def must_be_signed(sender: Sender, secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Refuse what does not bear the sender's signature over just these bytes."""
    scheme = SCHEMES[sender]
    made = hmac.new(secret.encode(), body, scheme.digest).hexdigest()
    given = headers.get(scheme.signature.lower(), "")
    if not hmac.compare_digest(f"{scheme.prefix}{made}".encode(), given.encode()):
        raise Unauthenticated(
            f"The signature in {scheme.signature} was not made with the secret that is set here. "
            "Set the same one on both sides."
        )


def open_envelope(sender: Sender, headers: Mapping[str, str], body: bytes) -> Envelope:
    """Read what a signed delivery says of itself; one from another day is refused."""
    scheme, said = SCHEMES[sender], payload_of(body)
    must_be_of_today(_moment(said.get(scheme.moment_field)))
    kept = {name: headers[name.lower()] for name in scheme.headers if name.lower() in headers}
    delivery_id = str(kept.get(scheme.id_header) or said.get(scheme.id_field) or "")
    event = str(kept.get(scheme.event_header) or said.get(scheme.event_field) or "")
    if not delivery_id or not event or len(delivery_id) > _LONGEST_ID or len(event) > _LONGEST_EVENT:
        raise DomainError("This delivery does not say its number and its event as its sender documents.")
    return Envelope(delivery_id, event, kept)


def payload_of(body: bytes | str) -> dict[str, Any]:
    """Read the JSON object that a delivery carries."""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise DomainError("The body is no JSON object. Let the webhook send application/json.")
    return said


def must_be_of_today(sent_at: datetime | None) -> None:
    """Refuse what was kept and is sent again; where no moment is said, its number alone tells."""
    if sent_at is not None and not now() - OLDEST <= sent_at <= now() + _AHEAD:
        raise DomainError("This was sent on another day. Let its sender deliver it anew.")


def _moment(said: object) -> datetime | None:
    """Read a moment as Vercel writes it (milliseconds) or Cursor does (ISO 8601)."""
    try:
        if isinstance(said, int | float):
            return datetime.fromtimestamp(said / 1000, UTC)
        read = datetime.fromisoformat(said) if isinstance(said, str) else None
    except (ValueError, OverflowError, OSError):
        raise DomainError("The moment in this delivery cannot be read.") from None
    return read.replace(tzinfo=UTC) if read is not None and read.tzinfo is None else read
