"""The quick way for what programs ask most: a status, by key, answered before Flask is bothered.

Only a plain hit is answered here: a known address, an API key, a row that joins key, membership and state.
Everything else (a cookie, a wait, a wrong key, one without the scope) goes the ordinary way, which says why.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from app.core.ids import token
from app.core.secrets import digest
from app.web.polling import headers_of, matches, written

KEY = "Bearer gr_"
Ask = Callable[[UUID, str], dict[str, Any] | None]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class QuickAnswers:
    """WSGI around the application: `asks` says for each kind of address how its state is read by key."""

    def __init__(self, app: Wsgi, asks: Mapping[str, Ask]) -> None:
        self._app = app
        self._asks = [
            (re.compile(pattern.replace("{id}", "([0-9a-fA-F-]{36})")), ask) for pattern, ask in asks.items()
        ]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        state = self._state(environ)
        if state is None:
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
        answer = b'{"data":' + body + b"}"
        start_response("200 OK", [*headers, ("Content-Length", str(len(answer)))])
        return [answer]

    def _state(self, environ: dict[str, Any]) -> dict[str, Any] | None:
        presented = environ.get("HTTP_AUTHORIZATION", "")
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or not presented.startswith(KEY):
            return None
        for pattern, ask in self._asks:
            found = pattern.fullmatch(environ["PATH_INFO"])
            if found is not None:
                return self._ask(ask, found[1], presented.removeprefix("Bearer ").strip())
        return None

    def _ask(self, ask: Ask, written_id: str, key: str) -> dict[str, Any] | None:
        try:
            return ask(UUID(written_id), digest(key))
        except ValueError:
            return None
