"""Rings at an address as a visitor would, and hears whether it is this very installation that opens."""

import http.client
import json
import secrets
import ssl
import urllib.error
import urllib.request
from typing import Any, Protocol

from app.core.secrets import arrival

_LONGEST = 4096


class Doorbell(Protocol):
    """Somebody who goes out and comes back to the door."""

    def ring(self, address: str) -> str:
        """Return nothing where we ourselves open, else what happened instead."""


class _NoDetour(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Visitor:
    """Over HTTP, with the certificates that this machine trusts."""

    def __init__(self, *, seconds: float = 5.0) -> None:
        self._seconds = seconds

    def ring(self, address: str) -> str:
        nonce = secrets.token_urlsafe(18)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoDetour())
        try:
            with opener.open(f"{address}?nonce={nonce}", timeout=self._seconds) as answer:
                said = json.loads(answer.read(_LONGEST))
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return f"somebody answers there with status {refusal.code}, and it is not this Greenroom"
        except urllib.error.URLError as trouble:
            if isinstance(trouble.reason, ssl.SSLError):
                return f"its certificate does not hold: {trouble.reason.reason or trouble.reason}"
            return f"nobody answers there: {trouble.reason}"
        except (OSError, http.client.HTTPException) as trouble:
            return f"nobody answers there properly: {trouble}"
        except ValueError:
            return "somebody else answers there"
        ours = isinstance(said, dict) and said.get("arrival") == arrival(nonce)
        return "" if ours else "another program, or another Greenroom, answers there"
