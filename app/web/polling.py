"""Asking for status is cheap: ETag, a long poll that gives its connection back, and the pace we name."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, request
from pydantic import TypeAdapter

from app.core.changes import listener
from app.core.db import let_go

LONGEST_WAIT = 60.0
_any = TypeAdapter(Any)


def wanted_wait() -> float:
    """Return how many seconds the caller would like to wait for a change, at most 60."""
    try:
        return max(0.0, min(float(request.args.get("wait", 0)), LONGEST_WAIT))
    except ValueError:
        return 0.0


def answer_status(
    read: Callable[[], dict[str, Any]],
    *,
    topic: str,
    enveloped: bool = True,
    is_awaited: Callable[[dict[str, Any]], bool] = lambda _: False,
) -> Response:
    """Answer with a state and its ETag; with `?wait=` and the ETag known, wait for the state to change.

    `read` is called again after each change of `topic`; while waiting no database connection is held. A
    state that `is_awaited` is answered at once.
    """
    state = read()
    body, tag = written(state)
    seen = request.headers.get("If-None-Match", "") or request.args.get("etag", "")
    wait = wanted_wait()
    is_news = is_awaited(state) or bool(seen and not matches(seen, tag))
    if wait and not is_news and not _is_final(body):
        body, tag = _wait(read, topic, tag, wait)
    if matches(seen, tag):
        response = Response(status=304)
    else:
        whole = b'{"data":' + body + b"}" if enveloped else body
        response = current_app.response_class(whole, mimetype="application/json")
    response.headers.update(headers_of(body, tag))
    return response


def headers_of(body: bytes, tag: str) -> dict[str, str]:
    """Return what goes with a state: its tag, and when to ask again."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    pace = _pace(body)
    if pace:
        headers["Retry-After"] = str(max(1, round(pace / 1000)))
    return headers


def matches(seen: str, tag: str) -> bool:
    """Tell whether the asker has this state already."""
    return seen.strip('W/" ') == tag


def _wait(read: Callable[[], dict[str, Any]], topic: str, tag: str, seconds: float) -> tuple[bytes, str]:
    until = time.monotonic() + seconds
    with listener.listening(topic) as woken:
        while True:
            body, fresh = written(read())
            let_go()
            remaining = until - time.monotonic()
            if fresh != tag or woken is None or remaining <= 0:
                return body, fresh
            woken.wait(min(remaining, 5))
            woken.clear()


def written(state: dict[str, Any]) -> tuple[bytes, str]:
    """Write a state as JSON, with the tag that stands for it."""
    body = _any.dump_json(state)
    return body, hashlib.blake2b(body, digest_size=9).hexdigest()


def _is_final(body: bytes) -> bool:
    return b'"nextPollMs":null' in body


def _pace(body: bytes) -> int:
    _, found, rest = body.rpartition(b'"nextPollMs":')
    if not found or rest.startswith(b"null"):
        return 0
    return int(rest.split(b",", 1)[0].rstrip(b"}"))
