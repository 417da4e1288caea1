"""The quick way for what programs ask most: a status, by key, answered before Flask is bothered.

Only a plain hit is answered here: a known address, an API key, a row that joins key, membership and state.
Everything else (a cookie, a wait, a wrong key, one without the scope) goes the ordinary way, which says why.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.ids import token
from app.core.secrets import digest
from app.web.polling import headers_of, matches, written

KEY = "gr_"
Ask = Callable[..., dict[str, Any] | None]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Quick:
    """How one kind of state is read by key, and how it is given out.

    It is asked with what its address holds, in that order, the id last of it; and with the key's digest.
    """

    ask: Ask
    read_id: Callable[[str], Any] = UUID
    enveloped: bool = True


class QuickAnswers:
    """WSGI around the application: `asks` says for each kind of address how its state is read by key.

    `{id}` in an address stands for a UUID, `{hex}` for an id of 24 hexadecimal digits, `{name}` for the name
    of a place above it.
    """

    def __init__(self, app: Wsgi, asks: Mapping[str, Quick]) -> None:
        self._app = app
        self._asks = [(re.compile(_pattern(address)), quick) for address, quick in asks.items()]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        quick, state = self._state(environ)
        if quick is None or state is None:
            return self._app(environ, start_response)
        body, tag = written(state)
        headers = [
            *headers_of(body, tag).items(),
            ("Content-Type", "application/json"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-Id", token(9)),
        ]
        if matches(environ.get("HTTP_IF_NONE_MATCH", ""), tag):
            start_response("304 NOT MODIFIED", headers)
            return []
        answer = b'{"data":' + body + b"}" if quick.enveloped else body
        start_response("200 OK", [*headers, ("Content-Length", str(len(answer)))])
        return [answer]

    def _state(self, environ: dict[str, Any]) -> tuple[Quick | None, dict[str, Any] | None]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None, None
        key = _presented(environ)
        if not key.startswith(KEY):
            return None, None
        for pattern, quick in self._asks:
            found = pattern.fullmatch(environ["PATH_INFO"])
            if found is not None:
                return quick, _asked(quick, *found.groups(), key=key)
        return None, None


def _pattern(address: str) -> str:
    held = {"{id}": "([0-9a-fA-F-]{36})", "{hex}": "([0-9a-f]{24})", "{name}": "([a-z0-9-]+)"}
    for name, pattern in held.items():
        address = address.replace(name, pattern)
    return address


def _presented(environ: dict[str, Any]) -> str:
    """Return the key that the headers hold, in either of its two places."""
    presented = str(environ.get("HTTP_AUTHORIZATION", ""))
    if presented:
        return presented.removeprefix("Bearer ").strip()
    return str(environ.get("HTTP_X_API_KEY", "")).strip()


def _asked(quick: Quick, *held: str, key: str) -> dict[str, Any] | None:
    *places, written_id = held
    try:
        return quick.ask(*places, quick.read_id(written_id), digest(key))
    except ValueError:
        return None
