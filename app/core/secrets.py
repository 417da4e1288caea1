"""Keys, hashes and signatures: what is secret is stored so that reading the database gives nothing away."""

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from app.core.clock import now
from app.core.installation import installation

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def digest(secret: str) -> str:
    """Hash a long random secret (a key, a link's token) for storage and look-up."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived_key(purpose: str) -> bytes:
    """Derive a key for one purpose from the installation's own."""
    return hmac.new(installation().secret_key.encode(), purpose.encode(), hashlib.sha256).digest()


def arrival(nonce: str) -> str:
    """Answer a challenge as only this installation can: whoever gets it has arrived here."""
    return hmac.new(derived_key("arrival"), nonce.encode(), hashlib.sha256).hexdigest()


def sign(purpose: str, claims: dict[str, Any], *, seconds: int) -> str:
    """Sign claims that hold for `seconds`; the answer is URL-safe."""
    body = json.dumps({**claims, "exp": int(now().timestamp()) + seconds}, separators=(",", ":")).encode()
    mac = hmac.new(derived_key(purpose), body, hashlib.sha256).digest()
    return f"{_encode(body)}.{_encode(mac)}"


def verify(purpose: str, signed: str) -> dict[str, Any] | None:
    """Return the claims of a signature that is ours and still holds, else None."""
    body_part, _, mac_part = signed.partition(".")
    try:
        body, mac = _decode(body_part), _decode(mac_part)
    except ValueError:
        return None
    if not hmac.compare_digest(mac, hmac.new(derived_key(purpose), body, hashlib.sha256).digest()):
        return None
    claims: dict[str, Any] = json.loads(body)
    return claims if claims["exp"] >= now().timestamp() else None


def seal(text: str) -> str:
    """Encrypt what has to be read again later."""
    return _lock().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """Read what `seal` wrote; None where it was written with another key."""
    from cryptography.fernet import InvalidToken

    try:
        return _lock().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _lock() -> "Fernet":
    from cryptography.fernet import (
        Fernet,  # large, and the gateway, which imports this file, has no use for it
    )

    return Fernet(base64.urlsafe_b64encode(derived_key("sealed values")))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
