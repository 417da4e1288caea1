"""The gateway's own few pages, and the same sentences as JSON for programs."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from aiohttp import web

_STYLE = (Path(__file__).parent / "pages.css").read_text()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


@dataclass(eq=False)
class Answer(Exception):
    """An answer of the gateway itself: a page for people, the usual error body for programs."""

    status: int
    type: str
    title: str
    message: str
    link: str | None = None
    link_text: str = "Open Greenroom"
    refresh: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


def wants_json(headers: Mapping[str, str]) -> bool:
    """Tell whether a program asks: JSON is named and HTML is not."""
    accept = headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def respond(answer: Answer, headers: Mapping[str, str], *, site: str) -> web.Response:
    """Say `answer` in the form the other side reads."""
    request_id = secrets.token_hex(8)
    common = {
        "Cache-Control": "no-store",
        "X-Request-Id": request_id,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept, Cookie",
        **dict(answer.headers),
    }
    if wants_json(headers):
        return web.Response(
            status=answer.status,
            body=_as_json(answer, request_id),
            headers={**common, "Content-Type": "application/json"},
        )
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'self' {site}"
    )
    return web.Response(
        status=answer.status,
        body=_as_page(answer, request_id),
        headers={**common, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy},
    )


def _as_json(answer: Answer, request_id: str) -> bytes:
    message = f"{answer.message} {answer.link_text}: {answer.link}" if answer.link else answer.message
    body = {
        "code": answer.status,
        "type": answer.type,
        "error": answer.title,
        "message": message,
        "detail": message,
        "requestId": request_id,
    }
    return json.dumps(body).encode()


def _as_page(answer: Answer, request_id: str) -> bytes:
    refresh = f'<meta http-equiv="refresh" content="{answer.refresh}">' if answer.refresh else ""
    link = (
        f'<p><a class="go" href="{escape(answer.link)}" target="_top">{escape(answer.link_text)}</a></p>'
        if answer.link
        else ""
    )
    live = ' role="status"' if answer.refresh else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex">{refresh}<title>{escape(answer.title)}</title>'
        f"<style>{_STYLE}</style></head><body><main{live}><h1>{escape(answer.title)}</h1>"
        f"<p>{escape(answer.message)}</p>{link}<small>Greenroom · {request_id}</small></main></body></html>"
    ).encode()
